import { Flag, Optional, Word } from '../common/validators.js';
import { CONTACTS, type Contact, type PreferencesView } from '../protocol/views.js';

/** `PATCH /preferences`: what is absent stays. */
export class UpdatePreferencesDto implements Partial<PreferencesView> {
  /** Who may write to the caller directly and add him to rooms. */
  @Optional() @Word(...CONTACTS) contact?: Contact;
  /** Whether others are told what the caller has received and read. */
  @Optional() @Flag() receipts?: boolean;
}
