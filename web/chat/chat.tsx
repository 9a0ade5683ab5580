/** The room that is open. */
export function Chat() {
  return <main />;
}
