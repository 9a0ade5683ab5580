import { Copy, Link, Trash2 } from 'lucide';
import type { InviteView } from '../../src/protocol/room-views.js';
import { client } from '../app/client.js';
import { hrefOf } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { momentOf } from '../i18n/times.js';
import { IconButton } from '../ui/button.js';
import { copyText } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { Choice, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { Icon } from '../ui/icon.js';
import { usePages } from '../ui/load.js';
import { More } from '../ui/more.js';
import { DAY_MS, HOUR_MS } from '../ui/spans.js';
import { attempt, tell } from '../ui/toast.js';
import { useAbilities } from './abilities.js';

const t = defineTexts(
  {
    title: 'Invite links',
    text: 'Whoever has such a link may come in.',
    adminsOnly: 'Only the owner and admins make such links.',
    uses: 'How many may use it',
    anyUses: 'As many as come',
    ends: 'It ends',
    never: 'Never',
    hour: 'In an hour',
    day: 'In a day',
    week: 'In a week',
    month: 'In 30 days',
    make: 'Make a link',
    list: 'Links in force',
    copy: 'Copy link',
    copied: 'The link is in the clipboard.',
    revoke: 'Revoke link',
    used: 'Used {uses} of {most} times',
    usedAny: { one: 'Used once', other: 'Used {count} times' },
    until: 'until {time}',
  },
  {
    title: '邀请链接',
    text: '任何拿到链接的人都可以加入。',
    adminsOnly: '只有房主和管理员可以生成链接。',
    uses: '可使用次数',
    anyUses: '不限次数',
    ends: '有效期',
    never: '永久有效',
    hour: '一小时',
    day: '一天',
    week: '一周',
    month: '30 天',
    make: '生成链接',
    list: '有效的链接',
    copy: '复制链接',
    copied: '链接已复制。',
    revoke: '撤销链接',
    used: '已使用 {uses}/{most} 次',
    usedAny: '已使用 {count} 次',
    until: '有效期至 {time}',
  },
);

const SPANS = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const;
const USES = ['', '1', '5', '25', '100'] as const;

interface InvitesProps {
  readonly roomId: string;
  readonly onClose: () => void;
}

/** Makes links that let people into a room, and shows those in force. */
export function Invites({ roomId, onClose }: InvitesProps) {
  const { can, why } = useAbilities(roomId);
  const links = usePages((cursor) => client.rest.invites.list(roomId, { cursor }), roomId);
  const make = async (form: HTMLFormElement) => {
    const span = SPANS[valueOf(form, 'ends') as keyof typeof SPANS] as number | undefined;
    const invite = await client.rest.invites.create(roomId, {
      maxUses: Number(valueOf(form, 'uses')) || null,
      expiresInSeconds: span === undefined ? null : span / 1000,
    });
    links.reload();
    // Where the browser does not let it, there is still the button.
    await copy(invite).catch(() => undefined);
  };
  const revoke = ({ code }: InviteView) =>
    attempt(async () => {
      await client.rest.invites.revoke(roomId, code);
      links.reload();
    });
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <p class="soft">{why('invite.create') ? t('adminsOnly') : t('text')}</p>
      {can('invite.create') && (
        <>
          <NewInvite onSubmit={make} />
          {links.items.length > 0 && <h3>{t('list')}</h3>}
          <ul class="invites" aria-label={t('list')}>
            {links.items.map((invite) => (
              <Invite key={invite.code} invite={invite} onRevoke={() => void revoke(invite)} />
            ))}
          </ul>
          <More {...links} />
        </>
      )}
    </Dialog>
  );
}

function NewInvite({ onSubmit }: { readonly onSubmit: (form: HTMLFormElement) => Promise<void> }) {
  const ends = (Object.keys(SPANS) as (keyof typeof SPANS)[]).map((span) => [span, t(span)] as const);
  return (
    <Form label={t('title')} action={t('make')} onSubmit={onSubmit}>
      <div class="side-by-side">
        <Choice label={t('uses')} name="uses" value="" options={USES.map((uses) => [uses, uses || t('anyUses')])} />
        <Choice label={t('ends')} name="ends" value="week" options={[...ends, ['', t('never')]]} />
      </div>
    </Form>
  );
}

function Invite({ invite, onRevoke }: { readonly invite: InviteView; readonly onRevoke: () => void }) {
  const { uses, maxUses, expiresAt } = invite;
  const used = maxUses === null ? t('usedAny', { count: uses }) : t('used', { uses, most: maxUses });
  const end = expiresAt === null ? '' : ` · ${t('until', { time: momentOf(expiresAt) })}`;
  return (
    <li class="row">
      <span class="sign">
        <Icon of={Link} size={18} />
      </span>
      <span class="names">
        <span class="name">{linkOf(invite)}</span>
        <span class="soft">
          {used}
          {end}
        </span>
      </span>
      <IconButton icon={Copy} label={t('copy')} onClick={() => void attempt(() => copy(invite))} />
      <IconButton icon={Trash2} label={t('revoke')} onClick={onRevoke} />
    </li>
  );
}

async function copy(invite: InviteView): Promise<void> {
  await copyText(linkOf(invite));
  tell(t('copied'));
}

const linkOf = ({ code }: InviteView): string => location.href.split('#')[0] + hrefOf({ at: 'invite', code });
