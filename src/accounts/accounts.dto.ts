import { Optional, Text } from '../common/validators.js';

/** `DELETE /users/me`. */
export class DeleteMeDto {
  /** The present password, for accounts that have one. */
  @Optional() @Text({ max: 512 }) password?: string;
}
