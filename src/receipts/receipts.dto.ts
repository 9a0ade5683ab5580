import { Ulid } from '../common/validators.js';

/** The room in a path. */
export class ReceiptsParams {
  @Ulid() id!: string;
}
