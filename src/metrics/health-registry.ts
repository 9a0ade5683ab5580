import { Injectable } from '@nestjs/common';

/** How one part of the program is. */
export interface PartHealth {
  readonly ok: boolean;
  readonly detail?: string;
}

/** Parts report here how they are; `/readyz` reads it. */
@Injectable()
export class HealthRegistry {
  /** Whether this node sends everybody away and is not to get new clients. */
  draining = false;
  private readonly parts = new Map<string, PartHealth>();

  set(part: string, health: PartHealth): void {
    this.parts.set(part, health);
  }

  get isReady(): boolean {
    return !this.draining && [...this.parts.values()].every((part) => part.ok);
  }

  /** Every part's own words, by name. */
  describe(): Record<string, PartHealth> {
    return Object.fromEntries(this.parts);
  }
}
