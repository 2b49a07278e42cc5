// Words of sharing out cells among grid workers.
export const zh = {
  open: '分给网格员', title: '分给网格员', choose: '已划好的社区可按工作量分给网格员。', lead: '按每日工作量把网格分成责任网格：住户走访、案件处置（近 {days} 天实际案件）、巡查步行。同一责任网格的网格连成一片，负荷尽量均衡。启用之前，现有责任网格不受影响。',
  workers: '责任网格个数', perCase: '每件案件（分钟）', perHousehold: '每户每日（分钟）', rounds: '每日巡查（遍）', propose: '生成方案', enforce: '启用', stale: '条件已改，请重新生成方案。',
  grids: '责任网格', gridsNow: '现有 {n} 个', mean: '人均每日', minutes: '{n} 分钟', casesSeen: '近 {days} 天案件 {n} 件', heaviest: '最重负荷', above: '高于平均 {n}', aboveNow: '现高于平均 {n}', noneNow: '现无责任网格', bare: '未分到的网格', bareNow: '现有 {n} 个',
  table: '责任网格表', grid: '责任网格', cells: '网格', households: '户数', cases: '{days} 天案件', work: '每日工作', worker: '网格员', new: '新', ofMean: '平均的 {n}', walking: '其中步行 {n} 分钟', present: '现为 {name}', workerOf: '{name} 的网格员',
  map: '责任网格的范围；点选网格可查看其所属', mapHint: '{name}：网格 {cells}',
  ask: '启用“{name}”的责任网格', willSet: '设定 {n} 个责任网格，社区内每个网格恰属其一。', willRemove: '撤销 {n} 个：{codes}。', noWorker: '{n} 个责任网格还没有网格员，可稍后在“责任网格”中指派。', willText: '立即生效，新案卷按新的责任网格派给网格员。', done: '已启用 {grids} 个责任网格，撤销 {removed} 个。',
}
export const en: typeof zh = {
  open: 'Share out', title: 'Share out among grid workers', choose: 'The cells of a community can be shared out among grid workers by work.', lead: 'Cells become duty grids by the work of a day: visits, cases (those of the last {days} days), the walk of a patrol. Each duty grid is one piece where it can be, loads are as even as can be. Until it is put in force the present duty grids stay.',
  workers: 'Duty grids', perCase: 'Minutes a case', perHousehold: 'Minutes a household and day', rounds: 'Patrols a day', propose: 'Propose', enforce: 'Put in force', stale: 'Something was changed: propose again.',
  grids: 'Duty grids', gridsNow: '{n} at present', mean: 'Each worker, a day', minutes: '{n} min', casesSeen: '{n} cases in {days} days', heaviest: 'Heaviest load', above: '{n} above the mean', aboveNow: 'at present {n} above', noneNow: 'no duty grids at present', bare: 'Cells without', bareNow: '{n} at present',
  table: 'Table of duty grids', grid: 'Duty grid', cells: 'Cells', households: 'Households', cases: 'Cases, {days} days', work: 'Work a day', worker: 'Grid worker', new: 'new', ofMean: '{n} of the mean', walking: '{n} min on foot', present: 'now {name}', workerOf: 'Grid worker of {name}',
  map: 'Where the duty grids lie; choose a cell to see whose it is', mapHint: '{name}: cells {cells}',
  ask: 'Put the duty grids of {name} in force', willSet: '{n} duty grids are set; every cell of the community is in exactly one.', willRemove: '{n} end: {codes}.', noWorker: '{n} have no grid worker yet; assign them under Duty grids.', willText: 'It is in force at once: new cases go to the workers of the new duty grids.', done: '{grids} duty grids are in force, {removed} ended.',
}
