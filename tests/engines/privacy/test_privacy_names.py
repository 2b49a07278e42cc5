"""Names by cue and by form; ordinary words stay."""

from __future__ import annotations

import random

import pytest

from cityloop.engines.privacy import Kind, Mode, find, mask

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
USUAL = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红晓燕"
RARE = "疸园辉秋异丘昶芮媞笙锴湉骞珞赟鋆淞煊翊笑禾墨沫念予细满毛娃冲汁"
CUES = ("我叫{}，家住和平路", "姓名：{}，年龄六十", "联系人:{}电话", "投诉人：{}。", "此致敬礼 {}")
ELSEWHERE = ("村主任{}多次说要修", "结果{}来了也没解决", "垃圾是、{}、倒的", "{}在小区门口")


def _names(count: int, pool: str) -> list[str]:
    dice = random.Random(7)
    return [
        dice.choice(SURNAMES) + "".join(dice.choice(pool) for _ in range(dice.choice((1, 2))))
        for _ in range(count)
    ]


def _hidden(template: str, name: str, mode: Mode) -> bool:
    text = template.format(name)
    start = text.index(name)
    covered = {n for one in find(text, mode) for n in range(one.start, one.end)}
    return set(range(start, start + len(name))) <= covered


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("template", CUES)
def test_every_name_after_a_cue_is_hidden_in_both_modes(template: str, mode: Mode) -> None:
    missed = [n for n in _names(300, USUAL + RARE) if not _hidden(template, n, mode)]
    assert missed == []


@pytest.mark.parametrize(("pool", "least"), [(USUAL, 0.95), (RARE, 0.6)])
def test_names_anywhere_are_mostly_hidden_before_text_leaves(pool: str, least: float) -> None:
    for template in ELSEWHERE:
        names = _names(300, pool)
        hidden = sum(_hidden(template, n, Mode.LEAVING) for n in names) / len(names)
        assert hidden >= least, template


def test_ordinary_sentence_keeps_its_words_even_before_leaving() -> None:
    text = "小区周边道路高低不平，路灯严重损坏，物业公司不管，请有关部门尽快安排施工解决。"
    assert mask(text, Mode.LEAVING).text == text


@pytest.mark.parametrize(
    "text",
    [
        "我叫停车，让孩子上车",
        "不可以用我的姓名查询身份证号码",
        "林美水郡的业主反映",
        "被程明物业挡在门外",
        "请修一修植基路",
        "夏华银都大宗交易中心",
        "五花八门的课，三门考试都在长沙鑫源建材城旁",
        "工人叫停施工，网友UU008209说业主2019年起多交6000元",
        "客服400-888-1234没人接，蓝牌货车照样走",
        "The lamp at Heping Road, Li Shan Park, is out",
    ],
)
def test_streets_estates_and_firms_are_not_taken_for_names(text: str) -> None:
    assert mask(text, Mode.LEAVING).text == text


def test_title_is_kept_and_the_surname_hidden() -> None:
    assert (
        mask("尊敬的胡书记：刘先生说", Mode.LEAVING).text == "尊敬的〔姓名1〕书记：〔姓名2〕先生说"
    )


def test_english_name_after_a_cue_is_hidden_in_english_words() -> None:
    shown = mask("My name is John Smith, lamp out at Heping Road", language="en").text
    assert shown == "My name is [name], lamp out at Heping Road"


def test_door_leaves_the_building_and_hides_the_room() -> None:
    shown = mask("和平里3号楼2单元501室漏水，全楼320户都受影响", Mode.LEAVING).text
    assert shown == "和平里〔门牌〕漏水，全楼320户都受影响"
    assert mask("和平里3号楼门口路灯坏了", Mode.LEAVING).text == "和平里3号楼门口路灯坏了"


def test_same_value_has_the_same_number() -> None:
    text = "联系人：王伟，电话13800138000；联系人：李娜，电话13900139000，或13800138000"
    shown = mask(text)
    assert shown.text.count("〔手机号1〕") == 2
    assert shown.counts == {Kind.NAME: 2, Kind.MOBILE: 3}


@pytest.mark.parametrize("text", ["", " ", "\x00", "王", "我叫", "1" * 5000, "王" * 5000])
def test_odd_text_does_not_break_it_and_ends_soon(text: str) -> None:
    for mode in Mode:
        mask(text, mode)
