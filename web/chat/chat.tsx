/** The room that is open. */
export function Chat({ roomId: _ }: { readonly roomId: string }) {
  return <main />;
}
