/** Where one signs in, registers, or enters as a guest. */
export function Door() {
  return <main />;
}
