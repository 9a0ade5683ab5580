import type { MemberRoomView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Choice, Field, Switch, TextField, filledOf, isOn, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { PictureField } from '../ui/picture-field.js';
import { attempt, tell } from '../ui/toast.js';
import { type Abilities, useAbilities } from './abilities.js';
import { titleOf } from './room-titles.js';

const t = defineTexts(
  {
    title: 'Room settings',
    name: 'Room name',
    topic: 'Topic',
    who: 'Who may come in',
    public: 'Everybody: it can be found and joined',
    private: 'Only people who are invited',
    readOnly: 'Only admins write',
    slow: 'Slow mode',
    slowHint: 'What a member waits between two messages; admins do not wait.',
    off: 'Off',
    seconds: { one: '{count} second', other: '{count} seconds' },
    minutes: { one: '{count} minute', other: '{count} minutes' },
    hours: { one: '{count} hour', other: '{count} hours' },
    history: 'Who joins from now on sees',
    start: 'All messages from the start',
    joining: 'Messages from joining on',
    save: 'Save',
    saved: 'Saved.',
    adminsOnly: 'Only the owner and admins change this.',
    archive: 'Archive room',
    archiveText: 'Nobody can write in an archived room; everything in it stays readable.',
    unarchive: 'Open it again',
    archived: 'The room is archived.',
  },
  {
    title: '房间设置',
    name: '房间名称',
    topic: '主题',
    who: '谁可以加入',
    public: '所有人：可以被搜索和加入',
    private: '仅限受邀的人',
    readOnly: '仅管理员可以发言',
    slow: '慢速模式',
    slowHint: '成员两次发言之间的等待时间，管理员不受限制。',
    off: '关闭',
    seconds: '{count} 秒',
    minutes: '{count} 分钟',
    hours: '{count} 小时',
    history: '新成员可以看到',
    start: '全部历史消息',
    joining: '加入之后的消息',
    save: '保存',
    saved: '已保存。',
    adminsOnly: '只有房主和管理员可以更改。',
    archive: '归档房间',
    archiveText: '归档后任何人都不能发言，但内容仍可阅读。',
    unarchive: '重新开放',
    archived: '房间已归档。',
  },
);

const SLOW_SECONDS = [0, 5, 10, 30, 60, 300, 900, 3600, 21_600];

interface RoomSettingsProps {
  readonly roomId: string;
  readonly onClose: () => void;
}

/** How a room looks and is run. Who may not change it sees why. */
export function RoomSettings({ roomId, onClose }: RoomSettingsProps) {
  follow(`room:${roomId}`);
  const abilities = useAbilities(roomId);
  const view = client.rooms.get(roomId)?.view;
  if (!view) return null;
  const save = async (form: HTMLFormElement) => {
    await client.rest.updateRoom(roomId, changesOf(form));
    tell(t('saved'));
    onClose();
  };
  const mayChange = abilities.can('room.update');
  return (
    <Dialog title={t('title')} onClose={onClose}>
      {abilities.why('room.update') && <p class="soft">{t('adminsOnly')}</p>}
      {mayChange && (
        <PictureField
          url={view.avatarUrl}
          name={titleOf(view)}
          onChoose={(file) => client.rest.setRoomAvatar(roomId, file)}
          onRemove={() => client.rest.removeRoomAvatar(roomId)}
        />
      )}
      <Form label={t('title')} action={t('save')} isLocked={!mayChange} onSubmit={save}>
        <Fields view={view} />
      </Form>
      <Archive view={view} abilities={abilities} />
    </Dialog>
  );
}

function Fields({ view }: { readonly view: MemberRoomView }) {
  const { settings } = view;
  return (
    <>
      <Field label={t('name')} name="name" defaultValue={view.name ?? ''} maxLength={100} required />
      <TextField label={t('topic')} name="topic" defaultValue={view.topic ?? ''} maxLength={1000} />
      <Choice
        label={t('who')}
        name="visibility"
        value={view.visibility}
        options={(['public', 'private'] as const).map((one) => [one, t(one)])}
      />
      <Choice
        label={t('history')}
        name="history"
        value={settings.history}
        options={(['start', 'joining'] as const).map((one) => [one, t(one)])}
      />
      <Choice
        label={t('slow')}
        hint={t('slowHint')}
        name="slow"
        value={String(settings.slowModeSeconds)}
        options={slowOptions(settings.slowModeSeconds)}
      />
      <Switch label={t('readOnly')} name="readOnly" defaultChecked={settings.readOnly} />
    </>
  );
}

function Archive({ view, abilities }: { readonly view: MemberRoomView; readonly abilities: Abilities }) {
  const isArchived = view.archivedAt !== null;
  const isOwner = view.role === 'owner';
  if (!isOwner && !isArchived) return null;
  const set = (archived: boolean) => void attempt(() => client.rest.archive(view.id, archived));
  return (
    <section class="aside-section">
      <p class="soft">{isArchived ? t('archived') : t('archiveText')}</p>
      {isOwner && (
        <Button
          look={isArchived ? 'plain' : 'danger'}
          title={abilities.why('room.archive')}
          onClick={() => set(!isArchived)}
        >
          {isArchived ? t('unarchive') : t('archive')}
        </Button>
      )}
    </section>
  );
}

const changesOf = (form: HTMLFormElement) => ({
  name: valueOf(form, 'name'),
  topic: filledOf(form, 'topic') ?? null,
  visibility: valueOf(form, 'visibility') as MemberRoomView['visibility'],
  settings: {
    history: valueOf(form, 'history') as MemberRoomView['settings']['history'],
    slowModeSeconds: Number(valueOf(form, 'slow')),
    readOnly: isOn(form, 'readOnly'),
  },
});

/** Somebody may have set another one by a program. */
const slowOptions = (present: number): (readonly [string, string])[] =>
  [...new Set([...SLOW_SECONDS, present])].sort((a, b) => a - b).map((seconds) => [String(seconds), spanText(seconds)]);

function spanText(seconds: number): string {
  if (seconds === 0) return t('off');
  if (seconds % 3600 === 0) return t('hours', { count: seconds / 3600 });
  return seconds % 60 === 0 ? t('minutes', { count: seconds / 60 }) : t('seconds', { count: seconds });
}
