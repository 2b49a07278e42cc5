"""Messages as people write them, and what of each nobody else may read."""

from __future__ import annotations

HARD: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("我是3号楼2单元1201的王淑芬，手机１３８００１３８０００，麻烦晚上联系我。",
     ("王淑芬", "１３８００１３８０００", "1201")),
    ("邻居张建国（身份证 430103 1985 0312 1234）长期占用消防通道，车牌湘A·8K88Z。",
     ("张建国", "0312 1234", "8K88Z")),
    ("联系人：欧阳晓东，微信 oyxd_1985，邮箱 ouyang.xd@example.cn，请尽快修路灯。",
     ("欧阳晓东", "oyxd_1985", "ouyang.xd")),
    ("请回电 1 3 8-0013-8000，找刘阿姨，小区东门垃圾堆了三天。", ("0013-8000",)),
    ("村主任李满仓收了我卡号6222 0202 0000 1234 567里的两千块，路还是没修。",
     ("李满仓", "0000 1234")),
    ("My name is Margaret O'Neill, flat 12B, Garden Court. The lift is broken; call +44 20 7946 "
     "0958 or margaret.oneill@example.co.uk.",
     ("Margaret", "O'Neill", "12B", "7946", "margaret.oneill")),
    ("Contact person: Wang Xiaoming, mobile 138.0013.8000, passport E12345678. Street light out.",
     ("Xiaoming", "0013.8000", "E12345678")),
    ("户主陈桂英家住望京街道阜通东大街6号院3号楼1201室，孩子叫陈子涵，楼道堆物挡门。",
     ("陈桂英", "陈子涵", "1201室")),
    ("打过０１０－６５１２３４５６和 010 6512 3457 都没人接，隔壁的孙丽华说找经理才行。",
     ("６５１２３４５６", "6512 3457", "孙丽华")),
    ("被举报人赵铁柱，驾驶京AD12345绿牌车堵住出口，他QQ：123456789，证号110105194912310021。",
     ("赵铁柱", "AD12345", "123456789", "1949123100")),
    ("责令店主张建国今后袋装投放，打壹叁捌零零壹叁捌零零零或者62 2202 0200 0012 34567找他。",
     ("张建国", "壹叁捌零零", "0012 34567")),
    ("求助：本人贺建湘，身份证号 430 104 1967 0812 4318，打86-13787654321"
     "或零七三一八五五五六六七七。",
     ("贺建湘", "1967 0812", "787654", "八五五五六六七七")),
    ("黑车湘AF 5678、湘A12345F停在地铁口；司机叫瞿小平，隔壁1503的付雪梅也看见。",
     ("F 5678", "12345F", "瞿小平", "1503", "付雪梅")),
    ("申请人：买买提·艾力，请联系我妻子阿依古丽，+86(0)13612345678，住8栋-1-1902号，路灯坏了。",
     ("艾力", "古丽", "612345", "1902")),
    ("外教Michael Brown打学生，邝立政可以作证，信用卡 5264 1012 3456 7890 也被刷了，没人管。",
     ("Michael", "Brown", "邝立政", "5264")),
    ("Caller: James O'Connor, callback 917.555.0134. Clerk Li Na and my mother, Susan Park, saw "
     "it: heat has been off since Friday on Linden Avenue.",
     ("James", "Connor", "917.555", "Li Na", "Susan", "Park")),
    ("I am John Smith; my neighbour Sarah Connor plays music at night, write zhang_wei(at)ab.cn.",
     ("John", "Connor", "zhang_wei")),
)  # fmt: skip
