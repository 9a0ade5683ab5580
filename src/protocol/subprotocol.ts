/** The subprotocol of the socket. Alone in its file, so that a client does not load the schemas with it. */
export const SUBPROTOCOL = 'parley.v1+json';
