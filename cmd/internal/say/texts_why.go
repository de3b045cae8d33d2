package say

// whyTexts are the words of why.
var whyTexts = map[string]phrase{
	"cmd.why": {"say what late events waited for, and what would have helped", "说明超时事件的时间用在何处、怎样才不超时"},
	"cmd.why.long": {
		"Explain the late events of a record: what their time was spent on, and – the same years run again on the same random numbers with one obstacle taken away at a time – which of them would not be late. With --clause the late events of one clause one by one, the worst first; with --ticket one ticket as recorded and without each obstacle.",
		"解释运行记录中的超时事件：时间用在何处；并以同一随机数重新模拟同样的年份、每次去除一种障碍，看哪些事件便不再超时。--clause 逐一列出某条款的超时事件，最严重的在前；--ticket 对照某工单的记录情形与去除各障碍后的情形。"},
	"flag.why_clause": {"explain this clause's late events one by one, the worst first (`id`)", "逐一解释该条款（`编号`）的超时事件，最严重的在前"},
	"flag.why_ticket": {"follow one ticket, call or job (`id`, such as r012-t00345) through all counterfactuals", "在各反事实情形中跟踪一个工单、呼叫或作业（`编号`，如 r012-t00345）"},
	"flag.why_all":    {"all late events of the clause, all clocks of the ticket", "列出条款的全部超时事件、工单的全部计时"},

	"why.title":    {"%[1]s: why %[2]s %[2]{event|events} of %[3]s simulated %[3]{year|years} %[2]{was|were} late", "%[1]s：模拟 %[3]s 年中 %[2]s 次超时的原因"},
	"why.how":      {"The %[1]s %[1]{replication|replications} with late events ran again on the same random numbers, with one obstacle taken away at a time.", "含超时事件的 %[1]s 次重复已用同一随机数重新模拟，每次去除一种障碍。"},
	"why.nothing":  {"Nothing to explain: no event of a clause with a target is late in the %[1]s %[1]{replication|replications} of this record. A clause without one is explained if --clause names it.", "无可解释：该记录的 %[1]s 次重复中，有目标的条款均无超时。无目标的条款可用 --clause 指定。"},
	"why.none_of":  {"Nothing to explain: no event of %[2]s is late in the %[1]s %[1]{replication|replications} of this record.", "无可解释：该记录的 %[1]s 次重复中，%[2]s 没有超时。"},
	"why.clauses":  {"What late events were spent on, and how many would not be late with one obstacle less (+ how many others would be instead)", "超时事件的时间用在何处；去除一种障碍后有多少便不再超时（+ 另有多少反而超时）"},
	"why.events":   {"Late events, the worst first", "超时事件，最严重的在前"},
	"why.more":     {"%[1]s more; --all shows them.", "另有 %[1]s 次，用 --all 列出。"},
	"why.absent":   {"Not in the way in this scenario: %[1]s.", "本场景中不构成障碍：%[1]s。"},
	"why.legend":   {"%[1]s – %[2]s", "%[1]s——%[2]s"},
	"why.story":    {"From the beginning, as recorded and with one obstacle less", "自发生起的经过：记录情形，及去除一种障碍后"},
	"why.clocks":   {"Clocks: time taken, * late", "计时：所用时间，* 为超时"},
	"why.no_late":  {"No clock of it is late; --all shows all of them.", "其计时均未超时；用 --all 列出全部。"},
	"why.no_clock": {"%[1]s has no clock of %[2]s.", "%[1]s 没有 %[2]s 的计时。"},
	"why.gone":     {"It does not come about without: %[1]s.", "去除下列障碍后不会发生：%[1]s。"},
	"why.nowhere":  {"nothing alone", "单项均不足"},

	"why.shift":    {"all on\nshift", "全员\n在岗"},
	"why.busy":     {"nobody\nbusy", "人手\n不限"},
	"why.skill":    {"every\nskill", "技能\n齐全"},
	"why.part":     {"parts in\nstock", "备件\n充足"},
	"why.travel":   {"no\ndriving", "免去\n路途"},
	"why.approval": {"instant\napproval", "审批\n即时"},
	"why.vendor":   {"instant\nvendor", "原厂\n即到"},

	"why.shift.is":    {"everybody on a roster is on duty at his place round the clock, and service hours have no end", "排班人员全天在岗于其驻点，服务时间不设限"},
	"why.busy.is":     {"as many people as are asked for, each on his roster and at his place; they work for nobody else", "各班次、各驻点按需有人，且不承担其他合同的工作"},
	"why.skill.is":    {"everybody can do all work of his role, whatever skill and level it takes", "人人可胜任本岗位任何技能与级别的工作"},
	"why.part.is":     {"every depot of ours has every part, and it is the right one; bringing it takes its time", "我方各备件库各种备件齐全且型号正确；配送仍需时间"},
	"why.travel.is":   {"driving takes no time, for people and for parts; getting ready and entry do", "人员与备件在途不耗时；出发准备与进场仍需时间"},
	"why.approval.is": {"whatever the customer or our own management agrees to is agreed at once, and his staff are there", "客户与内部审批即刻完成，客户人员在场"},
	"why.vendor.is":   {"the manufacturer is at work when he is called", "原厂随叫随到"},

	"col.event":      {"event", "事件"},
	"col.late_count": {"late", "超时"},
	"col.stays":      {"nothing\nalone", "单项\n均不足"},
	"col.spent":      {"spent on", "时间用于"},
	"col.over":       {"late by", "超出"},
	"col.on_time_if": {"not late with", "何种情形下不超时"},
	"col.recorded":   {"as recorded", "记录情形"},

	"cli.why_differs": {"replication %[2]s of %[1]s is otherwise late when it is run again: this program simulates otherwise than the one that wrote it; run it again", "%[1]s 的重复 %[2]s 重新模拟后超时情况不同：本程序的模拟与写入时不同；请重新运行"},
}
