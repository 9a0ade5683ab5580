import { useState } from 'preact/hooks';
import type { MeView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { leave } from '../app/start.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, filledOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { attempt } from '../ui/toast.js';
import { Section } from './section.js';

const t = defineTexts(
  {
    title: 'My data',
    export: 'Export my data',
    exportText: 'Everything of your own as a ZIP file: profile, messages, files.',
    delete: 'Delete my account',
    deleteTitle: 'Delete the account for good?',
    deleteText: 'Your name and picture go, you leave all rooms, and this cannot be taken back.',
    password: 'Your password',
  },
  {
    title: '我的数据',
    export: '导出我的数据',
    exportText: '将您的资料、消息和文件打包为 ZIP 文件。',
    delete: '删除我的账号',
    deleteTitle: '要永久删除账号吗？',
    deleteText: '您的名称和头像会被删除，您将退出所有房间，且无法恢复。',
    password: '您的密码',
  },
);

/** Taking one's data with one, and the end of the account. */
export function Account({ user }: { readonly user: MeView }) {
  const [isDeleting, setDeleting] = useState(false);
  return (
    <Section title={t('title')} text={t('exportText')}>
      <div class="actions">
        <Button onClick={() => void attempt(save)}>{t('export')}</Button>
        <Button look="danger" onClick={() => setDeleting(true)}>
          {t('delete')}
        </Button>
      </div>
      {isDeleting && <Deletion user={user} onClose={() => setDeleting(false)} />}
    </Section>
  );
}

function Deletion({ user, onClose }: { readonly user: MeView; readonly onClose: () => void }) {
  const remove = async (form: HTMLFormElement) => {
    await client.rest.account.delete(filledOf(form, 'password'));
    await leave();
  };
  return (
    <Dialog title={t('deleteTitle')} onClose={onClose}>
      <p>{t('deleteText')}</p>
      <Form label={t('deleteTitle')} action={t('delete')} look="danger" onSubmit={remove}>
        {user.role !== 'guest' && (
          <Field label={t('password')} name="password" type="password" required autocomplete="current-password" />
        )}
      </Form>
    </Dialog>
  );
}

async function save(): Promise<void> {
  const archive = URL.createObjectURL(await client.rest.account.export());
  const link = document.createElement('a');
  link.href = archive;
  link.download = 'parley-export.zip';
  link.click();
  URL.revokeObjectURL(archive);
}
