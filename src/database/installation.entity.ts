import { Entity } from 'typeorm';
import { KeyColumn, TextKeyColumn } from './columns.js';

/** Facts about this installation, by name. `epoch` is a random id: a restore from backup writes a new one. */
@Entity('installation')
export class Installation {
  @TextKeyColumn(32) name!: string;
  @KeyColumn(255) value!: string;
}
