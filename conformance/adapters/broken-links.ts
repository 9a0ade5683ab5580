import type { Problem } from '../../src/protocol/errors.js';
import type { ServerFrame } from '../../src/protocol/frames.js';
import { SmallLink } from './small-link.js';
import { SmallOutbox } from './small-outbox.js';

/** Lets go of what was not acked. */
export class ForgetsToResend extends SmallOutbox {
  protected override onLost(message: Parameters<SmallOutbox['onLost']>[0]): void {
    super.onLost(message);
    this.forget(message);
  }
}

/** Takes a new try for a new message. */
export class ResendsWithNewIds extends SmallOutbox {
  protected override onLost(message: Parameters<SmallOutbox['onLost']>[0]): void {
    super.onLost(message);
    message.id = this.newId();
  }
}

/** Takes every refusal for final. */
export class GivesUpEarly extends SmallOutbox {
  protected override isPassing(_problem: Problem): boolean {
    return false;
  }
}

/** Sends what was refused for good again, for ever. */
export class NeverGivesUp extends SmallOutbox {
  protected override isPassing(_problem: Problem): boolean {
    return true;
  }
}

export class IgnoresExpiry extends SmallLink {
  protected override refreshSession(): Promise<void> {
    return Promise.resolve();
  }
}

export class KeepsItsToken extends SmallLink {
  protected override whatNext(code: number): ReturnType<SmallLink['whatNext']> {
    const next = super.whatNext(code);
    return next === 'authenticate' ? 'reconnect' : next;
  }
}

export class NeverStops extends SmallLink {
  protected override whatNext(code: number): ReturnType<SmallLink['whatNext']> {
    const next = super.whatNext(code);
    return next === 'stop' ? 'reconnect' : next;
  }
}

/** Takes every end for the last. */
export class StopsAtOnce extends SmallLink {
  protected override whatNext(): ReturnType<SmallLink['whatNext']> {
    return 'stop';
  }
}

/** Comes back when it likes. */
export class IgnoresRetryAfter extends SmallLink {
  protected override wait(): number {
    return super.wait();
  }
}

/** Doubles, and lets chance out. */
export class HasNoJitter extends SmallLink {
  protected override wait(retryAfterMs?: number): number {
    const { firstRetryMs, maxRetryMs } = this.line.timing;
    return retryAfterMs ?? Math.min(maxRetryMs, firstRetryMs * 2 ** this.attempts++);
  }
}

/** Reads one frame from each text. */
export class IgnoresBatches extends SmallLink {
  protected override listOf(message: ServerFrame | ServerFrame[]): ServerFrame[] {
    return Array.isArray(message) ? message.slice(0, 1) : [message];
  }
}

export class IgnoresSilence extends SmallLink {
  protected override listen(): void {
    // Nothing: that is the fault.
  }
}

export class SendsAnySize extends SmallLink {
  override ask(...[event, data, answer]: Parameters<SmallLink['ask']>): boolean {
    this.limits = {};
    return super.ask(event, data, answer);
  }
}
