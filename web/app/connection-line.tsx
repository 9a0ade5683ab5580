import { defineTexts } from '../i18n/texts.js';
import { connection } from './connection.js';

const t = defineTexts(
  {
    connecting: 'Connecting…',
    away: 'No connection. What you write is kept and sent as soon as it is back.',
    stopped: 'Disconnected: {reason}. Reload the page to try again.',
  },
  {
    connecting: '正在连接…',
    away: '连接已断开。您写的消息会保留，恢复后自动发送。',
    stopped: '连接已结束：{reason}。请重新加载页面。',
  },
);

/** Says when the connection is away, and nothing while it is there. */
export function ConnectionLine() {
  return (
    <p class="connection-line" role="status">
      {lineOf(connection.value)}
    </p>
  );
}

function lineOf(status: typeof connection.value): string {
  if (status === null || status.state === 'online') return '';
  if (status.state === 'stopped') return status.code === 1000 ? '' : t('stopped', { reason: status.reason });
  return status.state === 'away' ? t('away') : t('connecting');
}
