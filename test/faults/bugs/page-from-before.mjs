// Pages are kept for half a second, as a copy that lags behind would give them.
import { HistoryService } from '../../../dist/src/messages/history.service.js';

const { list } = HistoryService.prototype;
const kept = new Map();

HistoryService.prototype.list = async function (principal, place) {
  const known = kept.get(place.roomId);
  if (known && performance.now() - known.at < 500) return known.page;
  const page = await list.call(this, principal, place);
  kept.set(place.roomId, { page, at: performance.now() });
  return page;
};
