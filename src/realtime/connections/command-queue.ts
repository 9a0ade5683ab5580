import { newId } from '../../common/id.js';
import { jsonOf } from '../../common/json.js';
import { toProblem } from '../../common/chat-error.js';
import type { CommandFrame } from '../../protocol/frames.js';
import { type Frame, frameOf } from './frame.js';

/** A command that is being carried out. */
export class RunningCommand {
  /** The answer, once there is one; null where the client wants none. */
  answer: Frame | null | undefined;
  /** Lets the commands behind it begin, for one that has taken its place in an order of its own; its answer may come later. */
  endTurn: () => void = () => undefined;

  constructor(
    readonly frame: CommandFrame,
    private readonly onAnswered: () => void,
  ) {}

  get isAnswered(): boolean {
    return this.answer !== undefined;
  }

  /** Answers with an event that stands for the ack. */
  reply(event: string, data: unknown): void {
    const { id } = this.frame;
    if (id === undefined) this.settle(null);
    else this.settle(frameOf(`{"id":${JSON.stringify(id)},"event":"${event}","data":${jsonOf(data)}}`));
  }

  /** Answers with the refusal, also where no answer was asked for. Returns the trace id in it. */
  fail(error: unknown): string {
    const traceId = newId();
    this.settle(frameOf(JSON.stringify({ id: this.frame.id, event: 'error', data: toProblem(error, traceId) })));
    return traceId;
  }

  /** Answers once; a later answer is ignored. */
  settle(answer: Frame | null): void {
    if (this.isAnswered) return;
    this.answer = answer;
    this.onAnswered();
  }
}

/** Sends go to the writer in their order; a copy has to be looked up first, and would be overtaken meanwhile. */
const joinsOthers = ({ event, data }: CommandFrame): boolean =>
  event === 'message.send' && (data as { forwardOf?: unknown } | undefined)?.forwardOf === undefined;

/** Carries out one command and settles it; never throws. `ended` is called once, when nothing of it goes on. */
export type Runner = (command: RunningCommand, ended: () => void) => void;

/** Who carries out the commands of a queue. */
export interface CommandHandler {
  run: Runner;
  /** Takes the answers, in the order of the commands. */
  reply(frame: Frame): void;
  /** Called with true when too many commands are unanswered and reading should stop, and with false later. */
  pause(paused: boolean): void;
  /** False while answers pile up that the client does not read: commands wait then, until `resume`. */
  hasRoom(): boolean;
  /** Commands that may be unanswered before it pauses. */
  readonly inFlight: number;
}

/**
 * The commands of one connection: taken in arrival order and answered in that order. Sends go to the writer without
 * waiting for the one before, so a connection's sends share a commit; every other command runs alone.
 */
export class CommandQueue {
  private readonly waiting: RunningCommand[] = [];
  private readonly unanswered: RunningCommand[] = [];
  private running = 0;
  private isAlone = false;
  private isPumping = false;
  private isPaused = false;
  private isFinishing = false;
  private readonly idleWaiters: (() => void)[] = [];

  constructor(private readonly handler: CommandHandler) {}

  accept(frame: CommandFrame): void {
    if (this.isFinishing) return;
    const command = new RunningCommand(frame, this.replyInOrder);
    this.waiting.push(command);
    this.unanswered.push(command);
    this.setPaused();
    this.pump();
  }

  /** Goes on after the client has read its answers. */
  resume(): void {
    this.pump();
  }

  /** Takes nothing more, drops what waits without an answer, and resolves when what runs is answered. */
  async finish(): Promise<void> {
    this.isFinishing = true;
    const dropped = new Set(this.waiting.splice(0));
    for (const command of dropped) command.settle(null);
    if (this.unanswered.length > 0 || this.running > 0)
      await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  private pump(): void {
    // A command that ends at once comes back here.
    if (this.isPumping) return;
    this.isPumping = true;
    while (this.waiting.length > 0 && !this.isAlone && this.handler.hasRoom()) {
      const isSend = joinsOthers(this.waiting[0].frame);
      if (!isSend && this.running > 0) break;
      const command = this.waiting.shift();
      if (!command) return;
      this.isAlone = !isSend;
      this.running++;
      this.handler.run(command, isSend ? this.onEnded : this.oneTurnOf(command));
    }
    this.isPumping = false;
    this.tellIdle();
  }

  /** Ends the command's turn: when it has ended, or before, when what it does no longer depends on the order. */
  private oneTurnOf(command: RunningCommand): () => void {
    let isOver = false;
    command.endTurn = () => {
      if (isOver) return;
      isOver = true;
      this.onEnded();
    };
    return command.endTurn;
  }

  private readonly onEnded = (): void => {
    this.running--;
    this.isAlone = false;
    this.pump();
  };

  private readonly replyInOrder = (): void => {
    while (this.unanswered[0]?.isAnswered) {
      const { answer } = this.unanswered.shift() as RunningCommand;
      if (answer) this.handler.reply(answer);
    }
    this.setPaused();
    this.tellIdle();
  };

  private setPaused(): void {
    const { inFlight } = this.handler;
    // Resumed at half, so that a busy client does not stop and go with every command.
    const paused = this.isPaused ? this.unanswered.length > inFlight / 2 : this.unanswered.length >= inFlight;
    if (paused === this.isPaused) return;
    this.isPaused = paused;
    this.handler.pause(paused);
  }

  private tellIdle(): void {
    if (this.unanswered.length > 0 || this.running > 0) return;
    for (const resolve of this.idleWaiters.splice(0)) resolve();
  }
}
