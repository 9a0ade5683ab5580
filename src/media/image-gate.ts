import { Injectable } from '@nestjs/common';
import { Gate } from '../common/gate.js';

/** A picture of the largest size takes up to 200 MB while it is worked on. */
const BOUNDS = { atOnce: 1, waiting: 64, retryAfterMs: 2000 };

/** Lets pictures be worked on one at a time, whatever they are for. */
@Injectable()
export class ImageGate extends Gate {
  constructor() {
    super(BOUNDS);
  }
}
