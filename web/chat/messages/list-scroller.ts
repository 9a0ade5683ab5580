import { signal } from '@preact/signals';
import { type Keyed, type Range, RowHeights } from './row-heights.js';

/** What is told of where the reader is. */
export interface ScrollHooks<Row> {
  guess(row: Row): number;
  /** Whether the last row is the newest there is: only there the end keeps its place. */
  endsNow(): boolean;
  /** The reader is at another place, or what stands there is drawn. */
  moved(seen: { readonly firstId: string | undefined; readonly lastId: string | undefined }): void;
  /** So little is left above or below that more should be loaded. */
  near(end: 'top' | 'bottom'): void;
}

/** So far from the end a reader still counts as being there. */
const END_SLACK = 24;
/** Drawn above and below what is visible, at least; and how much of that may be used up before more is drawn. */
const MARGIN = 500;
const SLACK = 200;
/** More is loaded when less than so many screens are left. */
const NEAR_SCREENS = 1.5;

/**
 * Draws only the rows near what is visible, and holds still what the reader looks at: the first visible row keeps its
 * place whatever comes in, goes or grows around it. At the end, the end keeps its place instead.
 */
export class ListScroller<Row extends Keyed> {
  /** Counts what makes the list be drawn anew. */
  readonly version = signal(0);
  readonly isAtEnd = signal(true);
  private readonly heights: RowHeights<Row>;
  private readonly resizes = new ResizeObserver(() => this.settle());
  private viewport: HTMLElement | null = null;
  private list: HTMLElement | null = null;
  /** The row that keeps its place, with its distance from the upper edge. */
  private anchor: { id: string; index: number; offset: number } | null = null;
  private drawn: Range = { from: 0, to: 0 };
  private lastTop = 0;
  private width = 0;

  constructor(private readonly hooks: ScrollHooks<Row>) {
    this.heights = new RowHeights<Row>((row) => hooks.guess(row));
  }

  /** The elements are there; returns what takes its hands off them. */
  attach(viewport: HTMLElement, list: HTMLElement): () => void {
    this.viewport = viewport;
    this.list = list;
    this.width = viewport.clientWidth;
    const onScroll = () => this.onScroll();
    viewport.addEventListener('scroll', onScroll, { passive: true });
    this.resizes.observe(list);
    this.resizes.observe(viewport);
    this.settle();
    return () => {
      viewport.removeEventListener('scroll', onScroll);
      this.resizes.disconnect();
      this.viewport = this.list = null;
    };
  }

  /** Takes the rows as they are now and says which to draw. */
  rangeOf(rows: readonly Row[]): Range {
    this.heights.setRows(rows);
    this.drawn = this.wanted(MARGIN);
    return this.drawn;
  }

  /** To be called when what `rangeOf` said has been drawn: measures it, and puts everything where it belongs. */
  settle(): void {
    const { viewport, list } = this;
    if (!viewport || !list) return;
    if (viewport.clientWidth !== this.width) {
      this.width = viewport.clientWidth;
      this.heights.forget();
    }
    this.measure(list);
    this.place(viewport, list);
    const { from, to } = this.wanted(SLACK);
    if (from < this.drawn.from || to > this.drawn.to) this.version.value++;
    else this.tell(viewport);
  }

  /** Shows a row, at a third of the height; false where it is not among the rows. */
  show(id: string): boolean {
    const index = this.heights.indexOf(id);
    if (index < 0) return false;
    this.isAtEnd.value = false;
    this.anchor = { id, index, offset: (this.viewport?.clientHeight ?? 0) / 3 };
    this.version.value++;
    return true;
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.isAtEnd.value = true;
    this.version.value++;
  }

  /** Scrolls just enough that a row which is drawn is visible. */
  reveal(element: HTMLElement): void {
    element.scrollIntoView({ block: 'nearest' });
  }

  private measure(list: HTMLElement): void {
    let index = this.drawn.from;
    for (const row of list.children) this.heights.measure(index++, row.getBoundingClientRect().height);
  }

  private place(viewport: HTMLElement, list: HTMLElement): void {
    const { from, to } = this.drawn;
    const above = this.heights.topOf(from);
    const below = this.heights.total - this.heights.topOf(to);
    list.style.paddingTop = `${above}px`;
    list.style.paddingBottom = `${below}px`;
    const top = Math.max(0, Math.min(this.top() + list.offsetTop, viewport.scrollHeight - viewport.clientHeight));
    if (Math.abs(viewport.scrollTop - top) >= 1) viewport.scrollTop = top;
    this.lastTop = viewport.scrollTop;
    if (viewport.scrollTop >= viewport.scrollHeight - viewport.clientHeight - 1)
      this.isAtEnd.value = this.hooks.endsNow();
    if (!this.anchor) this.anchorAt(viewport);
  }

  private onScroll(): void {
    const { viewport } = this;
    if (!viewport) return;
    const end = viewport.scrollHeight - viewport.clientHeight;
    // What grew below since the last drawing does not take the reader away from the end; only going up does.
    const hasGoneUp = viewport.scrollTop < this.lastTop - 1;
    const isThere = viewport.scrollTop >= end - END_SLACK || (this.isAtEnd.value && !hasGoneUp);
    this.isAtEnd.value = isThere && this.hooks.endsNow();
    this.lastTop = viewport.scrollTop;
    this.anchorAt(viewport);
    const { from, to } = this.wanted(SLACK);
    if (from < this.drawn.from || to > this.drawn.to) this.version.value++;
    this.tell(viewport);
  }

  private anchorAt(viewport: HTMLElement): void {
    const y = viewport.scrollTop - (this.list?.offsetTop ?? 0);
    const index = this.heights.indexAt(y);
    const id = this.heights.idAt(index);
    this.anchor = id === undefined ? null : { id, index, offset: this.heights.topOf(index) - y };
  }

  /** Where the upper edge belongs. */
  private top(): number {
    const { viewport, anchor } = this;
    if (this.isAtEnd.value || !anchor) return this.heights.total - (viewport?.clientHeight ?? 0);
    const index = this.heights.indexOf(anchor.id, anchor.index);
    // The row itself is gone, as a refused message that was deleted: its place holds.
    anchor.index = index < 0 ? Math.min(anchor.index, this.heights.count - 1) : index;
    anchor.id = this.heights.idAt(anchor.index) ?? anchor.id;
    // Nothing stands above the first row or below the last one, so a row near an end may be nearer to its edge.
    const most = Math.max(0, this.heights.total - (viewport?.clientHeight ?? 0));
    return Math.min(this.heights.topOf(anchor.index) - anchor.offset, most);
  }

  private wanted(margin: number): Range {
    const height = this.viewport?.clientHeight ?? 800;
    const top = Math.max(0, this.top());
    return this.heights.between(top - margin, top + height + margin);
  }

  private tell(viewport: HTMLElement): void {
    const height = viewport.clientHeight;
    const top = this.top();
    const { from, to } = this.heights.between(top, top + height - 1);
    const lastSeen = this.heights.topOf(to) <= top + height + END_SLACK ? to - 1 : to - 2;
    this.hooks.moved({ firstId: this.heights.idAt(from), lastId: this.heights.idAt(lastSeen) });
    if (top < height * NEAR_SCREENS) this.hooks.near('top');
    if (this.heights.total - top - height < height * NEAR_SCREENS) this.hooks.near('bottom');
  }
}
