import { Injectable } from '@nestjs/common';

/** Whether this node takes nobody in any more. */
@Injectable()
export class Draining {
  isDraining = false;
}
