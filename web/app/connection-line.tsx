import { useEffect, useState } from 'preact/hooks';
import type { ConnectionStatus } from '../../sdk/link.js';
import { defineTexts } from '../i18n/texts.js';
import { client } from './client.js';
import { connection } from './connection.js';

const t = defineTexts(
  {
    connecting: 'Connecting…',
    away: 'No connection. What you write is kept and sent as soon as it is back.',
    next: { one: 'Next try in a second', other: 'Next try in {count} seconds' },
    now: 'Try now',
    stopped: 'Disconnected: {reason}',
    reload: 'Reload the page',
  },
  {
    connecting: '正在连接…',
    away: '连接已断开。您写的消息会保留，恢复后自动发送。',
    next: '{count} 秒后重试',
    now: '立即重试',
    stopped: '连接已结束：{reason}',
    reload: '重新加载页面',
  },
);

/** Milliseconds for which connecting is not worth a word. */
const QUICK_MS = 700;

/** Says when the connection is away, and nothing while it is there. */
export function ConnectionLine() {
  const status = connection.value;
  const isSlow = useSlow(status);
  const isGone = status?.state === 'away' || (status?.state === 'stopped' && status.code !== 1000);
  return (
    <div class="connection-line">
      <p role="status">{isGone || isSlow ? lineOf(status) : ''}</p>
      {status?.state === 'away' && <Retry key={status.retryInMs} inMs={status.retryInMs} />}
      {isGone && status.state === 'stopped' && (
        <button type="button" onClick={() => location.reload()}>
          {t('reload')}
        </button>
      )}
    </div>
  );
}

/** Whether it is connecting for longer than one takes notice of. */
function useSlow(status: ConnectionStatus | null): boolean {
  const [isSlow, setSlow] = useState(false);
  const isConnecting = status === null || status.state === 'connecting';
  useEffect(() => {
    if (!isConnecting) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), QUICK_MS);
    return () => clearTimeout(timer);
  }, [isConnecting]);
  return isSlow && isConnecting;
}

/** Counts down to the next attempt, for the eye alone. */
function Retry({ inMs }: { readonly inMs: number }) {
  const [seconds, setSeconds] = useState(Math.ceil(inMs / 1000));
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => Math.max(1, now - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      <span aria-hidden="true">{t('next', { count: seconds })}</span>
      <button type="button" onClick={() => client.wake()}>
        {t('now')}
      </button>
    </>
  );
}

function lineOf(status: ConnectionStatus | null): string {
  if (status?.state === 'stopped') return t('stopped', { reason: status.reason });
  return status?.state === 'away' ? t('away') : t('connecting');
}
