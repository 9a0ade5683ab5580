/** Whether a key belongs to an input method that composes a word; Safari tells that of the last one by its code alone. */
export const isComposing = ({ isComposing: composes, keyCode }: KeyboardEvent): boolean => composes || keyCode === 229;
