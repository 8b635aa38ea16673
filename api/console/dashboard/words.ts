import { label } from '../shell/text.ts';

/** What the dashboard says, Chinese first. */
const words = {
  title: ['卫片执法看板', 'Enforcement dashboard'],
  loading: ['正在载入…', 'Loading…'],
  asOf: ['数据截至', 'As of'],
  beijing: ['北京时间', 'Beijing time'],
  snapshot: ['数据快照', 'Snapshot'],
  everywhere: ['全部', 'All'],
  district: ['区划', 'District'],
  print: ['打印', 'Print'],
  stale: ['刷新失败，显示的是先前的数据', 'Not refreshed; what is shown was loaded earlier'],
  closed: ['已结月', 'Closed'],
  open: ['办理中', 'In progress'],
  unknown: ['本月尚未运行', 'This month has not been run yet'],
  noMonth: [
    '还没有运行过任何月份。运行第一个月后，这里显示全局情况。',
    'No month has been run yet. Once the first has, this page shows how things stand.',
  ],
  table: ['数据表', 'Figures'],
  patches: ['宗', ''],
  mu: ['亩', 'mu'],
  of: ['共', 'of'],
  // Headline
  found: ['月发现', 'Found'],
  warned: ['月预警', 'Warned'],
  handled: ['月处置', 'Resolved'],
  dismissed: ['已排除', 'Dismissed'],
  stillOpen: ['办理中', 'Open'],
  overdue: ['超期未办', 'Overdue'],
  late: ['超期', 'late'],
  clearance: ['清零率', 'Cleared'],
  observed: ['影像可见', 'Observed'],
  warnedShare: ['已下发任务', 'sent out as tasks'],
  done: ['已办结', 'Done'],
  // Funnel
  funnel: ['月发现 · 月预警 · 月处置', 'Find · warn · resolve'],
  funnelSays: [
    '各环节在办图斑：面积、等待天数（中位数/最长）、超期',
    'Who waits at each step: area, days waited (median / longest), overdue',
  ],
  find: ['发现', 'Find'],
  warn: ['预警', 'Warn'],
  resolve: ['处置', 'Resolve'],
  nobodyWaits: ['无在办', 'Nobody waits'],
  days: ['天', 'd'],
  state: ['环节', 'Step'],
  area: ['面积', 'Area'],
  waited: ['等待', 'Waited'],
  // Ranking
  ranking: ['区县排名', 'Counties ranked'],
  rankingSays: [
    '先按违法整改率，再按清零率；‡ 图斑少或面积小，不排名',
    'By breaches put right, then by patches done; ‡ too small to be ranked',
  ],
  rank: ['名次', 'Rank'],
  rectified: ['整改率', 'Put right'],
  target: ['目标', 'Target'],
  small: ['基数过小，不排名', 'Too small to be ranked'],
  noBreach: ['无违法认定，不排名', 'No breach found: not ranked'],
  noCounties: ['没有可比较的区县', 'No counties to compare'],
  base: ['核查基数', 'Base'],
  violations: ['违法', 'Breaches'],
  // Trend
  trend: ['逐月趋势', 'Month by month'],
  trendSays: ['按发现月份；斜线为未运行的月份，不等于零', 'By the month found; hatched: not run, which is not zero'],
  month: ['月份', 'Month'],
  ended: ['已办结', 'Ended'],
  // Gauge
  gauge: ['15% 违法占用耕地比例', 'Illegal farmland, the 15 % line'],
  gaugeSays: [
    '年初至本月；实条为已判违法，斜纹为尚未判定；下方黑点为年末预测，横线为其区间',
    'Year to date: solid as judged, hatched still open; below: forecast for the year’s end, with its interval',
  ],
  line: ['红线', 'Line'],
  noGauge: [
    '本年尚无新增建设占用耕地的图斑，没有可计算的比例',
    'No patch of new construction on farmland this year: nothing to measure',
  ],
  noInput: ['尚无完成的月份运行，无从计算', 'No month has a finished run: nothing is known'],
  forecast: ['年末预测', 'Forecast'],
  illegal: ['违法', 'Illegal'],
  taken: ['占用耕地', 'Farmland taken'],
  ratio: ['比例', 'Share'],
  whole: ['全域', 'Whole'],
  // Radar
  radar: ['移送界线雷达', 'Threshold radar'],
  radarSays: [
    '同一主体十二个月累计；只提示移送审查，是否构成犯罪由有权机关认定',
    'What one actor took within twelve months; a prompt to review, never a finding',
  ],
  nobodyNear: ['没有主体达到或接近界线', 'Nobody is at or near a line'],
  nobodyKnown: ['用地主体未知', 'Land user not known'],
  basic: ['永久基本农田', 'Basic farmland'],
  other: ['其他耕地', 'Other farmland'],
  shownOf: ['列出', 'Shown'],
  actor: ['主体', 'Actor'],
  level: ['程度', 'Level'],
  // Coverage
  coverage: ['影像覆盖', 'What images showed'],
  coverageSays: ['未观测不等于未变化，下月继续补看', 'Unobserved is never unchanged: the coming months look again'],
  seen: ['已观测', 'Observed'],
  cloud: ['云', 'Cloud'],
  noImage: ['无影像', 'No image'],
  notRun: ['未运行', 'Not run'],
  noCoverage: ['本月没有完成的比对，覆盖情况未知', 'No finished run this month: what could be seen is not known'],
  someCloud: ['云 5% 以上', 'Cloud 5 % or more'],
  someMissing: ['无影像 5% 以上', 'No image 5 % or more'],
  noOutlines: ['没有导入区划图层，无法绘图', 'No districts layer: no map'],
  // Precision
  precision: ['检测精度', 'How often the detector was right'],
  precisionSays: [
    '人工认定为真变化 ÷ 已判定；横线为 95% 置信区间',
    'Confirmed by people ÷ judged; whisker: 95 % interval',
  ],
  type: ['类型', 'Type'],
  judged: ['已判定', 'Judged'],
  falseOnes: ['误报', 'False'],
  confirmed: ['属实', 'Confirmed'],
  share: ['精度', 'Precision'],
  interval: ['区间', 'Interval'],
  fewJudged: ['判定数不足', 'Too few judged'],
  nobodyJudged: ['还没有人判定过图斑，精度未知', 'Nobody has judged a patch yet: precision is not known'],
  causes: ['排除原因', 'Why dismissed'],
  setAside: ['不计入误报', 'not held against it'],
  byType: ['按类型', 'By type'],
  byMonth: ['按月份', 'By month'],
  // Backlog
  backlog: ['在办积压', 'Backlog by age'],
  backlogSays: ['至今未办结的图斑，按发现至今的月数', 'Still open, by the months since they were found'],
  noBacklog: ['没有积压', 'No backlog'],
  thisMonth: ['本月', 'this month'],
  monthsAgo: ['个月前', 'mo ago'],
  inTime: ['期限内', 'In time'],
} as const;

export type DashboardWord = keyof typeof words;

export function say(name: DashboardWord): string {
  const [zh, en] = words[name];
  return label({ zh, en });
}
