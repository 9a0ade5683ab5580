import { Check, Paperclip, Pencil, Reply, SendHorizontal, Smile, X } from 'lucide';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { defineTexts } from '../../i18n/texts.js';
import { IconButton } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { isComposing } from '../../ui/keys.js';
import { type Beside, besideOf } from '../../ui/popover.js';
import { EmojiPopover } from '../emoji/emoji-popover.js';
import { canEdit } from '../messages/deeds.js';
import { previewText } from '../messages/reply-quote.js';
import { senderName } from '../messages/sender-name.js';
import { isOwn } from '../messages/row-facts.js';
import type { OpenRoom } from '../open-room.js';
import { Barred, SlowLine, isBarred, slowUntil } from './barred.js';
import { onDraft } from './drafts.js';
import { MentionList } from './mention-list.js';
import { pastedFiles } from './pasted-files.js';
import { useMentions } from './use-mentions.js';
import { UploadList } from './upload-list.js';
import type { Uploads } from './uploads.js';
import { Writing } from './writing.js';

const t = defineTexts(
  {
    compose: 'Write a message',
    message: 'Message',
    placeholder: 'Write a message…',
    attach: 'Attach files',
    emoji: 'Emoji',
    send: 'Send',
    save: 'Save',
    cancel: 'Cancel',
    replying: 'Reply to {name}',
    editing: 'Edit message',
    excess: { one: 'One character too many', other: '{count} characters too many' },
    tooLong: 'The message is too long.',
    waiting: 'It is sent as soon as the files are there.',
  },
  {
    compose: '写消息',
    message: '消息',
    placeholder: '写点什么…',
    attach: '添加文件',
    emoji: '表情',
    send: '发送',
    save: '保存',
    cancel: '取消',
    replying: '回复 {name}',
    editing: '编辑消息',
    excess: '超出 {count} 个字符',
    tooLong: '消息过长。',
    waiting: '文件上传完成后将自动发送。',
  },
);

/** Where one writes; or why one may not. */
export function Composer({ open }: { readonly open: OpenRoom }) {
  const [writing] = useState(() => new Writing(open));
  const isUntouched = useRef(true);
  const [editing, replyTo] = [open.editing.value, open.replyTo.value];
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!isUntouched.current) {
      writing.turnTo(editing, replyTo);
      field.current?.focus();
    }
    isUntouched.current = false;
  }, [editing?.id, replyTo?.id]);
  useEffect(() => writing.uploads.returned.subscribe(() => writing.takeBack()), [writing]);
  useEffect(() => onDraft(open.roomId, (before, now) => writing.follow(before, now)), [writing]);
  if (isBarred(open)) return <Barred open={open} />;
  return (
    <form
      class="composer"
      aria-label={t('compose')}
      onSubmit={(event) => {
        event.preventDefault();
        void writing.submit();
        field.current?.focus();
      }}
    >
      <About open={open} />
      <SlowLine open={open} />
      <UploadList uploads={writing.uploads} />
      <Waiting uploads={writing.uploads} />
      <Line open={open} writing={writing} field={field} />
      <Excess count={writing.excess} />
    </form>
  );
}

/** What goes as soon as the files are there. */
function Waiting({ uploads }: { readonly uploads: Uploads }) {
  const waiting = uploads.waiting.value;
  if (!waiting) return null;
  return (
    <p class="hint waiting" role="status">
      <span>{t('waiting')}</span>
      {waiting.text && <q dir="auto">{waiting.text}</q>}
    </p>
  );
}

/** How much too long the text is: said once, not at every key. */
function Excess({ count }: { readonly count: number }) {
  if (count <= 0) return null;
  return (
    <>
      <p class="hint fault">{t('excess', { count })}</p>
      <p class="visually-hidden" role="alert">
        {t('tooLong')}
      </p>
    </>
  );
}

/** What is answered to, or edited. */
function About({ open }: { readonly open: OpenRoom }) {
  const message = open.editing.value ?? open.replyTo.value;
  if (!message) return null;
  const isEdit = open.editing.value !== null;
  return (
    <div class="about">
      <Icon of={isEdit ? Pencil : Reply} size={18} />
      <span class="what">
        <b>{isEdit ? t('editing') : t('replying', { name: senderName(message.senderId) })}</b>
        <span dir="auto">{previewText(message.text)}</span>
      </span>
      <IconButton icon={X} size={18} label={t('cancel')} onClick={() => open.stopWriting()} />
    </div>
  );
}

interface LineProps {
  readonly open: OpenRoom;
  readonly writing: Writing;
  readonly field: { current: HTMLTextAreaElement | null };
}

function Line({ open, writing, field }: LineProps) {
  const [picking, setPicking] = useState<Beside | null>(null);
  const isEdit = open.editing.value !== null;
  const insert = (text: string) => {
    const { current } = field;
    if (!current) return;
    current.setRangeText(text, current.selectionStart, current.selectionEnd, 'end');
    writing.write(current.value);
  };
  return (
    <div class="line">
      {!isEdit && <AttachButton writing={writing} />}
      <Field open={open} writing={writing} field={field} />
      <IconButton
        icon={Smile}
        label={t('emoji')}
        aria-haspopup="dialog"
        onClick={({ currentTarget }) => setPicking(besideOf(currentTarget))}
      />
      <IconButton
        type="submit"
        class="send"
        icon={isEdit ? Check : SendHorizontal}
        label={t(isEdit ? 'save' : 'send')}
        disabled={!writing.canSend || slowUntil(open) !== null}
      />
      {picking && (
        <EmojiPopover
          beside={picking}
          onPick={insert}
          onClose={() => {
            setPicking(null);
            field.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function AttachButton({ writing }: { readonly writing: Writing }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon={Paperclip} label={t('attach')} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('attach')}
        onChange={({ currentTarget }) => {
          writing.uploads.add(currentTarget.files ?? []);
          currentTarget.value = '';
        }}
      />
    </>
  );
}

/** The field grows with what stands in it. Enter sends, but not while a word is being composed by an input method. */
function Field({ open, writing, field }: LineProps) {
  const mentions = useMentions(open, writing, field);
  const { value } = writing.text;
  useLayoutEffect(() => {
    const { current } = field;
    if (!current) return;
    current.style.height = '0';
    current.style.height = `${current.scrollHeight}px`;
  }, [value]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || mentions.takeKey(event)) return;
    const { key } = event;
    if (key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (slowUntil(open) === null) void writing.submit();
    }
    if (key === 'Escape') open.stopWriting();
    if (key === 'ArrowUp' && (event.ctrlKey || event.metaKey || value === '')) editLast(open, event);
  };
  return (
    <div class="field-box">
      {mentions.options.length > 0 && <MentionList {...mentions} />}
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        enterkeyhint="send"
        aria-label={t('message')}
        placeholder={t('placeholder')}
        value={value}
        {...mentions.attributes}
        onInput={({ currentTarget }) => {
          writing.write(currentTarget.value);
          mentions.look();
        }}
        onSelect={mentions.look}
        onBlur={mentions.close}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = event.clipboardData ? pastedFiles(event.clipboardData) : [];
          if (files.length === 0) return;
          event.preventDefault();
          writing.uploads.add(files);
        }}
      />
    </div>
  );
}

/** Edits the newest message that one may still edit. */
function editLast(open: OpenRoom, event: KeyboardEvent): void {
  const last = open.state?.messages.findLast((message) => isOwn(message) && message.deletedAt === null);
  if (!last || !canEdit(open, last)) return;
  event.preventDefault();
  open.edit(last);
}
