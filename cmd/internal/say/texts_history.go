package say

// historyTexts are findings about recorded histories and their mappings.
var historyTexts = map[string]phrase{
	"history_no_mapping":  {"there is no mapping %[1]s%[2]<; did you mean %[2]s?>; embedded are %[3]s", "没有映射 %[1]s%[2]<；是否指 %[2]s？>；内置的有 %[3]s"},
	"history_unreadable":  {"%[1]s cannot be read: %[2]w", "无法读取 %[1]s：%[2]w"},
	"history_empty":       {"there are no rows; a history is a CSV file with a header and a row for each ticket", "没有数据行；历史文件应为 CSV：一行表头，每张工单一行"},
	"history_too_large":   {"unpacked, the file has more than %[1]s bytes", "解压后文件超过 %[1]s 字节"},
	"history_no_rows":     {"no ticket is left of %[1]s rows; look at the filter of the mapping", "%[1]s 行中没有可用工单；请检查映射的 filter"},
	"history_no_column":   {"the history has no column %[1]s%[2]<; did you mean %[2]s?>; it has %[3]s", "历史文件没有列 %[1]s%[2]<；是否指 %[2]s？>；现有列：%[3]s"},
	"history_row":         {"the row cannot be read: %[1]w", "无法读取该行：%[1]w"},
	"history_fields":      {"the row has %[1]s %[1]{field|fields}, the header %[2]s", "该行有 %[1]s 个字段，表头有 %[2]s 个"},
	"history_time":        {"%[1]s: %[2]s is no time; the mapping's format is %[3]s", "%[1]s：%[2]s 不是时间；映射的格式为 %[3]s"},
	"history_time_format": {"%[1]s is no format; write such as YYYY-MM-DD HH:mm:ss", "%[1]s 不是时间格式；例如 YYYY-MM-DD HH:mm:ss"},
	"history_time_zone":   {"%[1]s is no offset; write such as +08:00, or local for the source's own clock", "%[1]s 不是时差；例如 +08:00，或 local 表示来源当地时间"},
	"history_time_order":  {"%[3]s %[4]s lies before %[1]s %[2]s", "%[3]s %[4]s 早于 %[1]s %[2]s"},
	"history_letter":      {"%[1]s: %[2]s is not one usable letter", "%[1]s：%[2]s 应为单个可用字符"},
	"history_unknown":     {"unknown %[1]w %[2]s%[3]<; did you mean %[3]s?>%[4]<; known are %[4]s>", "未知的%[1]w：%[2]s%[3]<；是否指 %[3]s？>%[4]<；已知：%[4]s>"},
	"history_blank":       {"%[1]s is blank and has no default", "%[1]s 为空且没有默认值"},
	"history_bytes":       {"%[1]s holds bytes that are no text; set encoding in the mapping", "%[1]s 含无法解码的字节；请在映射中指定 encoding"},
	"history_duplicate":   {"the ticket %[1]s stands twice; first in line %[2]s", "工单 %[1]s 重复；首次出现在第 %[2]s 行"},
	"history_no_source":   {"the scenario has no %[3]s at %[2]s; install it there, or write create: true in the mapping", "场景在 %[2]s 没有 %[3]s；请在场景中配置，或在映射中写 create: true"},
	"history_more":        {"%[1]s more rows have errors", "另有 %[1]s 行有错误"},
	"history_outside":     {"%[1]s of %[2]s tickets lie outside the term and are left out; --shift-to moves a history", "%[2]s 张工单中有 %[1]s 张在合同期外，已略去；可用 --shift-to 平移"},
	"history_shift":       {"%[1]s is no date; write YYYY-MM-DD", "%[1]s 不是日期；请写 YYYY-MM-DD"},
	"word.site":           {"site", "地点"},
	"word.class":          {"class", "设备类别"},
	"word.failure":        {"failure", "故障"},
	"word.severity":       {"severity", "级别"},
	"word.contract":       {"contract", "合同"},
	"word.clause":         {"clause", "条款"},
	// What encoding/csv says of a row.
	`word.bare " in non-quoted field`:              {`a quotation mark inside a field without quotes`, "未加引号的字段中有引号"},
	`word.extraneous or missing " in quoted-field`: {`a quotation mark in a quoted field is not doubled, or the last one is missing`, "引号字段中的引号未成双，或缺少结尾引号"},

	"history_no_contract": {"the mapping must name a contract; the scenario has %[1]s", "映射须指明 contract；场景中有 %[1]s"},
}
