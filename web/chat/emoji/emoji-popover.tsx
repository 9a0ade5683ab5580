import { defineTexts } from '../../i18n/texts.js';
import { later } from '../../ui/later.js';
import { type Beside, Popover } from '../../ui/popover.js';

const t = defineTexts({ emoji: 'Emoji' }, { emoji: '表情' });
const EmojiPicker = later(async () => (await import('./emoji-picker.js')).EmojiPicker);

interface EmojiPopoverProps {
  readonly beside: Beside;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
  /** Whether it stays for another one. */
  readonly stays?: boolean;
}

/** Chooses an emoji. */
export function EmojiPopover({ beside, onPick, onClose, stays = false }: EmojiPopoverProps) {
  const pick = (emoji: string) => {
    if (!stays) onClose();
    onPick(emoji);
  };
  return (
    <Popover beside={beside} label={t('emoji')} onClose={onClose}>
      <EmojiPicker onPick={pick} />
    </Popover>
  );
}
