package calendar

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
	"time"

	"slasim/model"
)

// First and last year whose State Council arrangement is built in.
const (
	FirstKnownYear = 2023
	LastKnownYear  = 2026
)

//go:embed china.csv
var chinaCSV string

// arrangement is one row of china.csv.
type arrangement struct {
	date Date
	work bool // a weekend day that is worked
	name model.Text
}

var arrangements = sync.OnceValue(func() []arrangement {
	r := csv.NewReader(strings.NewReader(chinaCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic("calendar: china.csv: " + err.Error())
	}
	var out []arrangement
	for _, row := range rows[1:] {
		date, err := ParseDate(row[0])
		if err != nil || row[1] != "off" && row[1] != "work" {
			panic("calendar: china.csv: bad row " + strings.Join(row, ","))
		}
		out = append(out, arrangement{date, row[1] == "work", model.Text{Zh: row[2], En: row[3]}})
	}
	return out
})

// festivals gives the days of a year that hang on moon and sun: Spring Festival (first day of the first
// lunar month), Qingming (sun at 15° of longitude), Dragon Boat (5th of the fifth month) and Mid-Autumn
// (15th of the eighth), each as month×100 + day of month, in Beijing time.
//
// Two sources of different kinds agree on every entry: the lunar tables of lunar-javascript 1.7 (MIT), and
// new moons and solar longitudes computed with astronomy-engine 2.1 (MIT). The years 2023–2026 also agree
// with the State Council's notices.
type festivals struct{ spring, qingming, dragonBoat, midAutumn int }

const firstFestivalYear = 2020

var festivalTable = [...]festivals{
	{125, 404, 625, 1001}, // 2020
	{212, 404, 614, 921},
	{201, 405, 603, 910},
	{122, 405, 622, 929},
	{210, 404, 610, 917},
	{129, 404, 531, 1006}, // 2025
	{217, 405, 619, 925},
	{206, 405, 609, 915},
	{126, 404, 528, 1003},
	{213, 404, 616, 922},
	{203, 405, 605, 912}, // 2030
	{123, 405, 624, 1001},
	{211, 404, 612, 919},
	{131, 404, 601, 908},
	{219, 405, 620, 927},
	{208, 405, 610, 916}, // 2035
	{128, 404, 530, 1004},
	{215, 404, 618, 924},
	{204, 405, 607, 913},
	{124, 405, 527, 1002},
	{212, 404, 614, 920}, // 2040
}

// holiday is one statutory day and its name.
type holiday struct {
	date Date
	name model.Text
}

var (
	newYear    = model.Text{Zh: "元旦", En: "New Year's Day"}
	spring     = model.Text{Zh: "春节", En: "Spring Festival"}
	qingming   = model.Text{Zh: "清明节", En: "Qingming"}
	labour     = model.Text{Zh: "劳动节", En: "Labour Day"}
	dragonBoat = model.Text{Zh: "端午节", En: "Dragon Boat Festival"}
	midAutumn  = model.Text{Zh: "中秋节", En: "Mid-Autumn Festival"}
	national   = model.Text{Zh: "国庆节", En: "National Day"}
)

// statutory lists the statutory holidays of a year, the days paid at 300 % when worked, in the order of
// the regulation on public holidays (全国年节及纪念日放假办法): 13 days since 2025 (State Council decree 795),
// 11 days from 2014 to 2024 (decree 644), when the eve of Spring Festival and May 2 were not among them.
// The older rule is used for every year before 2025. Two festivals may share a date. Years outside the table
// of festivals have the fixed dates only.
func statutory(year int) []holiday {
	day := func(md int) Date { return NewDate(year, time.Month(md/100), md%100) }
	since2025 := year >= 2025
	out := []holiday{{day(101), newYear}}
	moon := year >= firstFestivalYear && year < firstFestivalYear+len(festivalTable)
	var f festivals
	if moon {
		f = festivalTable[year-firstFestivalYear]
		first := day(f.spring)
		if since2025 {
			out = append(out, holiday{first - 1, spring})
		}
		out = append(out, holiday{first, spring}, holiday{first + 1, spring}, holiday{first + 2, spring}, holiday{day(f.qingming), qingming})
	}
	out = append(out, holiday{day(501), labour})
	if since2025 {
		out = append(out, holiday{day(502), labour})
	}
	if moon {
		out = append(out, holiday{day(f.dragonBoat), dragonBoat}, holiday{day(f.midAutumn), midAutumn})
	}
	return append(out, holiday{day(1001), national}, holiday{day(1002), national}, holiday{day(1003), national})
}

// substitutes lists the days off in lieu of statutory days that fall on a Saturday or Sunday or on each
// other. The regulation says such a day is made up for on a working day; that it is the next one is an
// assumption. With it a projected year has the true number of working days: its Mondays to Fridays less
// its statutory days, because bridge days and make-up days cancel.
func substitutes(days []holiday) []holiday {
	var taken, out []holiday
	has := func(list []holiday, d Date) bool {
		for _, h := range list {
			if h.date == d {
				return true
			}
		}
		return false
	}
	for _, h := range days {
		if !has(taken, h.date) && !restDay(h.date.Weekday()) {
			taken = append(taken, h)
			continue
		}
		taken = append(taken, h)
		d := h.date + 1
		for restDay(d.Weekday()) || has(days, d) || has(out, d) {
			d++
		}
		out = append(out, holiday{d, h.name})
	}
	return out
}

func restDay(w time.Weekday) bool { return w == time.Saturday || w == time.Sunday }
