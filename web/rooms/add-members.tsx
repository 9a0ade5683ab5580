import { useState } from 'preact/hooks';
import type { UserView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { defineTexts } from '../i18n/texts.js';
import { PickPeople } from '../people/pick-people.js';
import { Form } from '../ui/form.js';

const t = defineTexts({ title: 'Add people', add: 'Add' }, { title: '添加成员', add: '添加' });

/** Adds people to a room, one after the other: those before a refusal are in. */
export function AddMembers({ roomId, onDone }: { readonly roomId: string; readonly onDone: () => void }) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, UserView>>(new Map());
  const add = async () => {
    for (const userId of chosen.keys()) await client.rest.putMember(roomId, userId);
    onDone();
  };
  return (
    <Form label={t('title')} action={t('add')} onSubmit={add}>
      <PickPeople label={t('title')} chosen={chosen} onChange={setChosen} />
    </Form>
  );
}
