import type { MessageView } from '../../../src/protocol/views.js';
import { clockOf } from '../../i18n/times.js';
import { noticeText } from './notice-text.js';

/** Something that happened in the room: somebody joined, left, renamed it. */
export function Notice({ notice }: { readonly notice: MessageView }) {
  return (
    <p class="notice" title={clockOf(notice.createdAt)}>
      <bdi>{noticeText(notice)}</bdi>
    </p>
  );
}
