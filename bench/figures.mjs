// From the results of the rounds to the lines of the report.
import { median } from './stats.mjs';

/** What is promised of each figure, `at most` or `at least`, and what is aimed for. */
const PROMISED = {
  'w1 sqlite': { cpuPerAck: { atMost: 40, aim: 28 }, ratio: { atMost: 2.4 } },
  'w1 mariadb': { cpuPerAck: { atMost: 35, aim: 25 }, ratio: { atMost: 2.4 } },
  'w2h sqlite': { cpuPerDelivery: { atMost: 1.6, aim: 1.2 } },
  'w2h mariadb': { cpuPerDelivery: { atMost: 1.6, aim: 1.2 } },
  'w3 sqlite': { kibPerSession: { atMost: 14, aim: 12.5 }, startsPerSecond: { atLeast: 4000, aim: 6000 } },
  'w4 sqlite': { anywhere: { atLeast: 2500 }, shallow: { atLeast: 2500 }, cpuPerChanges: { atMost: 5 } },
  'w5 back': { backCpuSeconds: { atMost: 1.2 } },
  'w5 slow': { mibPerReader: { atMost: 1 }, p99Shift: { atMost: 1.2 } },
  'w5 silent': {},
  'w6 sqlite': { p50: { atMost: 0.7 }, p99: { atMost: 4 } },
  'w6 mariadb': {},
};

/** How a figure is called and how the rounds become one: noise only ever adds, so latencies show the quietest round. */
const FIGURES = {
  cpuPerAck: { name: 'ms of CPU per 1,000 acks', of: median },
  ratio: { name: '× the limit server', of: median },
  cpuPerDelivery: { name: 'ms of CPU per 1,000 deliveries', of: median },
  acksPerSecond: { name: 'acks a second', of: median },
  deliveriesPerSecond: { name: 'deliveries a second', of: median },
  kibPerSession: { name: 'KiB a session', of: median },
  startsPerSecond: { name: 'sign-ins a second', of: median },
  startCpu: { name: 'ms of CPU a sign-in', of: median },
  idleCpuPercent: { name: '% of a core, idle', of: median },
  shallow: { name: 'pages a second, newest 10,000', of: median },
  anywhere: { name: 'pages a second, anywhere', of: median },
  cpuPerChanges: { name: 'ms of CPU for 200 changes', of: median },
  backCpuSeconds: { name: 's of CPU until 2,000 are back', of: median },
  mibPerReader: { name: 'MiB a reader that stops', of: median },
  p99Shift: { name: "× the others' p99", of: median },
  honestMs: { name: 'ms to come in, at worst', of: median },
  held: { name: 'silent sockets held', of: median },
  p50: { name: 'ms to the ack, p50', of: (values) => Math.min(...values) },
  p99: { name: 'ms to the ack, p99', of: (values) => Math.min(...values) },
};

const SHOWN = {
  w1: ['cpuPerAck', 'ratio', 'acksPerSecond'],
  w2h: ['cpuPerDelivery', 'ratio', 'deliveriesPerSecond'],
  w3: ['kibPerSession', 'startsPerSecond', 'startCpu', 'ratio', 'idleCpuPercent'],
  w4: ['shallow', 'anywhere', 'cpuPerChanges'],
  w5: ['backCpuSeconds', 'mibPerReader', 'p99Shift', 'honestMs', 'held'],
  w6: ['p50', 'p99'],
};

/** @param figures results by workload, then by server, a list of rounds each */
export function rowsOf(figures) {
  return Object.entries(figures).flatMap(([workload, { parley, limit }]) => {
    const [kind] = workload.split(' ');
    const keys = SHOWN[kind].filter((key) => key === 'ratio' || key in parley[0]);
    return keys.map((key) => rowOf({ workload, kind, key, parley, limit }));
  });
}

function rowOf({ workload, kind, key, parley, limit }) {
  const { name, of } = FIGURES[key];
  const perRound = key === 'ratio' ? ratios(kind, parley, limit) : parley.map((result) => result[key]);
  const value = of(perRound);
  const promised = PROMISED[workload][key] ?? {};
  return {
    workload,
    figure: name,
    number: value,
    value: shown(value),
    spread: `${shown(Math.min(...perRound))}–${shown(Math.max(...perRound))}`,
    limit: limit && key !== 'ratio' ? shown(of(limit.map((result) => result[key]))) : '',
    target: targetOf(promised),
    holds: holds(value, promised),
    ...promised,
  };
}

/** What a ratio to the limit server is of. */
const RATIO_OF = { w1: 'cpuPerAck', w2h: 'cpuPerDelivery', w3: 'startCpu' };

/** Of the same round: what disturbs one server disturbs the other, too. */
function ratios(kind, parley, limit) {
  const key = RATIO_OF[kind];
  return parley.map((result, round) => result[key] / limit[round][key]);
}

function targetOf({ atMost, atLeast, aim }) {
  if (atMost === undefined && atLeast === undefined) return '';
  const bound = atMost === undefined ? `≥ ${shown(atLeast)}` : `≤ ${shown(atMost)}`;
  return aim === undefined ? bound : `${bound}, aim ${shown(aim)}`;
}

const holds = (value, { atMost = Infinity, atLeast = -Infinity }) => value <= atMost && value >= atLeast;

function shown(value) {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
