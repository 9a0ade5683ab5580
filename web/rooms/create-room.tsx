import { useState } from 'preact/hooks';
import type { UserView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { go } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { PickPeople } from '../people/pick-people.js';
import { Dialog } from '../ui/dialog.js';
import { Choice, Field, filledOf, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';

const t = defineTexts(
  {
    title: 'New room',
    name: 'Room name',
    topic: 'Topic (optional)',
    who: 'Who may come in',
    public: 'Everybody: it can be found and joined',
    private: 'Only people who are invited',
    members: 'Members from the start',
    create: 'Create room',
  },
  {
    title: '新建房间',
    name: '房间名称',
    topic: '主题（选填）',
    who: '谁可以加入',
    public: '所有人：可以被搜索和加入',
    private: '仅限受邀的人',
    members: '初始成员',
    create: '创建房间',
  },
);

/** Makes a room and shows it. */
export function CreateRoom({ onClose }: { readonly onClose: () => void }) {
  const [members, setMembers] = useState<ReadonlyMap<string, UserView>>(new Map());
  const create = async (form: HTMLFormElement) => {
    const { id } = await client.rest.createRoom({
      name: valueOf(form, 'name'),
      topic: filledOf(form, 'topic'),
      visibility: valueOf(form, 'visibility') === 'private' ? 'private' : 'public',
      memberIds: [...members.keys()],
    });
    onClose();
    go({ at: 'room', roomId: id });
  };
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <Form label={t('title')} action={t('create')} onSubmit={create}>
        <Field label={t('name')} name="name" maxLength={100} required autofocus />
        <Field label={t('topic')} name="topic" maxLength={1000} />
        <Choice
          label={t('who')}
          name="visibility"
          value="public"
          options={[
            ['public', t('public')],
            ['private', t('private')],
          ]}
        />
        <PickPeople label={t('members')} chosen={members} onChange={setMembers} />
      </Form>
    </Dialog>
  );
}
