import type { PreferencesView } from '../protocol/views.js';

const DEFAULTS: PreferencesView = { contact: 'everybody', receipts: true };

/** What holds for somebody who has chosen this much. Choices that are not known any more are left out. */
export function toPreferencesView(chosen: Partial<PreferencesView>): PreferencesView {
  const { contact = DEFAULTS.contact, receipts = DEFAULTS.receipts } = chosen;
  return { contact, receipts };
}
