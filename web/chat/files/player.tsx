import { useEffect, useRef, useState } from 'preact/hooks';

interface PlayerProps {
  readonly kind: 'audio' | 'video';
  readonly name: string;
  /** Undefined until there is a link; another one when that is renewed. */
  readonly url: string | undefined;
}

/** Plays sound or a video. What has begun keeps its link until that fails, and then goes on with the new one. */
export function Player({ kind, name, url }: PlayerProps) {
  const media = useRef<HTMLMediaElement | null>(null);
  const [src, setSrc] = useState(url);
  const goOn = useRef({ at: 0, isPlaying: false });
  useEffect(() => {
    const { currentTime = 0, paused = true } = media.current ?? {};
    if (paused && currentTime === 0) setSrc(url);
  }, [url]);
  const props = {
    class: 'player',
    src,
    controls: true,
    'aria-label': name,
    onError: () => {
      if (!media.current || src === url) return;
      const { currentTime, paused } = media.current;
      goOn.current = { at: currentTime, isPlaying: !paused };
      setSrc(url);
    },
    onLoadedMetadata: () => {
      const { at, isPlaying } = goOn.current;
      if (!media.current || at === 0) return;
      media.current.currentTime = at;
      goOn.current = { at: 0, isPlaying: false };
      if (isPlaying) media.current.play().catch(() => undefined);
    },
  } as const;
  const take = (element: HTMLMediaElement | null) => void (media.current = element);
  return kind === 'video' ? (
    <video ref={take} {...props} preload="metadata" />
  ) : (
    <audio ref={take} {...props} preload="none" />
  );
}
