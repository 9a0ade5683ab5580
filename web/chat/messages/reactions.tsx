import { SmilePlus } from 'lucide';
import type { MessageView } from '../../../src/protocol/views.js';
import { defineTexts } from '../../i18n/texts.js';
import { IconButton } from '../../ui/button.js';
import { besideOf } from '../../ui/popover.js';
import type { OpenRoom } from '../open-room.js';
import { canReact, react } from './deeds.js';

const t = defineTexts(
  { reactions: 'Reactions', add: 'Add a reaction', count: '{emoji}, {count}', mine: '{emoji}, {count}, yours too' },
  { reactions: '回应', add: '添加回应', count: '{emoji}，{count} 人', mine: '{emoji}，{count} 人，包括您' },
);

/** How others answered with a sign. A click adds one's own, or takes it back. */
export function Reactions({ open, message }: { readonly open: OpenRoom; readonly message: MessageView }) {
  const may = canReact(open);
  return (
    <div class="reactions" role="group" aria-label={t('reactions')}>
      {message.reactions.map(({ emoji, count, mine = false }) => (
        <button
          key={emoji}
          type="button"
          class={mine ? 'chip mine' : 'chip'}
          aria-pressed={mine}
          aria-label={t(mine ? 'mine' : 'count', { emoji, count })}
          disabled={!may}
          onClick={() => void react(message, emoji, !mine)}
        >
          <span>{emoji}</span> {count}
        </button>
      ))}
      {may && (
        <IconButton
          class="add"
          icon={SmilePlus}
          size={15}
          label={t('add')}
          onClick={({ currentTarget }) =>
            (open.overlay.value = { kind: 'picker', message, beside: besideOf(currentTarget) })
          }
        />
      )}
    </div>
  );
}
