import { type Signal, batch, signal } from '@preact/signals';

/**
 * What of the client's state a part of the page shows. The client's own objects are the state; a topic only counts how
 * often they have changed, so that whoever has read the count while drawing is drawn again.
 */
export type Topic =
  'me' | 'rooms' | 'people' | 'presence' | 'names' | `room:${string}` | `typing:${string}` | `receipts:${string}`;

const versions = new Map<Topic, Signal<number>>();
const touched = new Set<Topic>();
let isAsked = false;

/**
 * Draws the component that calls this again after every change of the topic, once a frame at most. Each component that
 * reads the client's state has to call it itself: one whose props are the same is not drawn with what is around it.
 */
export function follow(topic: Topic): void {
  let version = versions.get(topic);
  if (!version) versions.set(topic, (version = signal(0)));
  void version.value;
}

/** The topic has changed. */
export function touch(topic: Topic): void {
  touched.add(topic);
  if (isAsked) return;
  isAsked = true;
  // A page in the background is given no frames, but its title counts on.
  if (document.hidden) setTimeout(draw, 100);
  else requestAnimationFrame(draw);
}

function draw(): void {
  isAsked = false;
  const topics = [...touched];
  touched.clear();
  batch(() => {
    for (const topic of topics) {
      const version = versions.get(topic);
      if (version) version.value++;
    }
  });
}

// A frame that was asked for before the page went into the background would come when it is looked at again.
document.addEventListener('visibilitychange', () => {
  if (document.hidden && isAsked) draw();
});
