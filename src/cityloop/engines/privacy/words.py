"""What names of persons are made of, and what they are not: surnames, given characters, words.

Surnames by the published order of the National Name Report (全国姓名报告); given characters are
those that recur in such reports. `common_pairs.csv` holds pairs of characters that are ordinary
words or stand beside each other in ordinary sentences, one of them a surname (高速, 公安): counted
over public messages to governments, names removed.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎"
    "易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂柳邢岳齐梅莫庄辛管祝左涂"
    "谷祁舒耿牟卜詹苗凌费纪靳盛童欧甄项曲游阳裴席卫查屈鲍覃霍翁隋植甘景薄包宁柯阮桂闵解房边吉饶瞿"
    "戚丘古米池滕晋苑邬臧畅宫褚廉娄穆燕郎邸冀姬屠郜晏栾郁商蒙喻揭窦迟敖糜鄢冷卓花仇艾蓝巩练仲虞卞"
    "竺冼楚佟栗匡宗巫鞠桑荆谌沙伏岑习胥肖闫成焦路代柴车关尚连党单应柏冉"
    "佘庹邝粟阙蔺郗隗仝晁扈缪亓逄荀茹谯宓郏邰邴钮濮付"
)
# Rarely surnames, often something else: they need more beside them.
DOUBTFUL = frozenset(
    "于安方高常管解房边商应单关路成文向项包花党车连代尚任金白石田万江龙马章景古米池宁查时易严康雷"
    "段毛左盛童阳席卫温申尤沙习柏冉曾余许黄周林范夏顾粟付"
)
COMPOUND = frozenset(
    _words(
        "欧阳 司徒 诸葛 上官 司马 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 夏侯 轩辕 端木 "
        "南宫 独孤 西门 申屠"
    )
)
GIVEN = frozenset(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红晓燕文斌波辉鹏飞宇浩轩泽梓涵子怡"
    "欣佳雪梅琴萍玲珍凤莲香翠春秋冬荣贵福德成义仁信礼智忠孝良善美惠慧淑贤贞雅婷婉倩莉莎琳琪瑶璐瑞"
    "瑜璇珊珠瑛琼莹芬芝茹菲菊蓉蕾薇萱蓓芸苹荷莺雁鸿鹤鹰龙虎豹麟凯健康宁安定邦民振兴中东南北海江河"
    "山川峰岩石林森木松柏竹楠桐柳杨枫桦树根土坤乾坚钢铁铭锋锐鑫银金宝贝庆祥吉祺禄寿喜乐悦欢笑天宏"
    "洪广博大伦全元先光昌昊昕晨晖晗晶晴景曦曼月朋旭阳昭映星辰亮朗毅恒恩惟思念怀恬情愉爱胜利进步升"
    "远达通道运迪逸逊连云雨雷雯霖露霜冰风烽炜炳焕煜然熙照熊献玮珂珏珩琛琦瑾璞璟益盈盛睿瞳瞻硕磐社"
    "祖祯禹科秉程稳立章童端竞第笛筠简纪纯素紫维绍继绪绮缘耀联聪育胤臣自至舒航艺芃苒若苗茂茜荔莘菁"
    "萌葆蒙蔚薪虹蝶行衡裕西观言训许诗诚语谊谦豪赞越跃轶辅迅近迎逢遥郁郎锦长闯闻阔陆雄霄青靖非韬韵"
    "顺颂颖馨驰骏骥高魁鲁鸣黎齐君启向周呈和咏品哲唯商喆嘉固圣培基堂士声夏奇奕好如妍妙娅娇娣婕婵嫣"
    "媛媚存孜季学宗官宙宜家容宸宽宾密富寒尔尚少展屹岚岳岭峻崇崎嵘巍州巧帅希帆常年幼序应庚廷开弘弛"
    "归彤彦彩彪彬影征徽心必忆忻恺慈慕懿战才扬承技抒拓捷排授政教敦斐斯方施日旺昂易显晋晏普曙朔望本"
    "朱李材来枝柯标栋格梁梦棋楚榕模正武毓永汉汝沁沐沛治泉法泓泰洁津洲浚润淇淏淼清渊渝游湘源溪滔滢"
    "满漫潇澄澜灵灿炎烁烨焱爽牧特玄现环"
)
TITLES = _words(
    "先生 女士 小姐 同志 师傅 书记 主任 经理 老师 医生 大夫 局长 科长 处长 队长 所长 "
    "院长 校长 站长 组长 队员 村长 支书 主席 镇长 乡长 区长 县长 市长 厅长 董事长 老板 "
    "律师 法官 警官 教练 阿姨 大爷 大妈 大姐 大哥 司机 会计 工程师 总监 教授 店长 厂长 "
    "社长 房东"
)
CUES = _words(
    "我叫 本人叫 名叫 叫做 叫 我是 姓名 姓名为 联系人 投诉人 举报人 反映人 具报人 报案人 "
    "当事人 被告 原告 申请人 负责人 法人 法定代表人 户主 业主 店主 车主 摊主 货主 "
    "雇主 房主 机主 失主 事主 房东 租户 租客 村民 居民 "
    "邻居 住户 网友 网民 市民 社员 同学 同事 朋友 战友 老乡 亲戚 丈夫 妻子 老公 老婆 "
    "儿子 女儿 父亲 母亲 爸爸 妈妈 爷爷 奶奶 哥哥 弟弟 姐姐 妹妹 侄子 孙子 外公 外婆 "
    "岳父 岳母 儿媳 女婿 主任 书记 经理 老板 村长 支书 组长 队长 所长 站长 科长 局长 "
    "处长 校长 院长 主席 会长 司机 医生 护士 老师 教练 律师 法官 民警 警察 辅警 城管 "
    "保安 会计 销售 销售员 员工 职工 工人 包工头 开发商 房管员 网格员 网格长 楼长 楼栋长 "
    "物业经理 股东 代表人 代表 副主任 副书记 副局长 敬礼 此致 署名 签名 落款 联名人 残疾人 "
    "收件人 户名 同志 干事 专干 委员 队员 工作人员 委托人 代理人 收款人 经办人 承办人 侄女 外甥 "
    "军人 配偶 爱人 家属 死者 伤者 女友 男友 公公 婆婆 主人 老板娘 出纳 家父 家母 顾问 校医 外教 "
    "店员 技师 老人 孩子 学生 家长 小孩 闺女 弟 妹 哥 姐 妈 爸"
)
PARTS_OF_NAMES = _words(
    "古丽 买提 艾力 阿不都 阿卜杜 吐尔 艾合 依明 卡德尔 努尔 玛依 阿依 热合 木沙 巴图 格日 "
    "其其格 扎西 卓玛 次仁 多吉 才让 旦增 央金 拉姆"
)
"""Of names written by their sound; no words of their own in Chinese."""
PINYIN_SURNAMES = _words(
    "Li Wang Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng "
    "Liang Xie Song Tang Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye "
    "Cheng Wei Su Lu Lv Ding Ren Yao Shen Zhong Cui Tan Fan Liao Shi Jin Jia Xia Fu Fang Bai Zou "
    "Meng Xiong Qin Qiu Hou Yin Xue Yan Lei Long Tao Duan Hao Kong Shao Mao Wan Gu Lai Wen Kang"
)
ENGLISH_ROLES = _words(
    "neighbour neighbor wife husband son daughter mother father brother sister tenant landlord "
    "landlady owner driver resident manager complainant caller clerk teacher officer nurse doctor "
    "principal supervisor colleague friend inspector contractor roommate aunt uncle cousin boss"
)
ENGLISH_PLACES = _words(
    "Road Rd Street St Lane Lu Jie District Park Estate Square Station Garden Gardens Community "
    "Village Town County City Hospital School University Plaza Center Centre Bridge Avenue Ave "
    "Building Market Company"
)
NEVER_GIVEN = frozenset(
    "的了是在不有我你他她它们这那哪个些么吗呢吧啊呀哦嘛和与及或但而且并因所以于对把被让给从向到由"
    "为着过就都也还又再才只很太最更非常没未别勿请问谁何怎什几多少每各某此其之上下前后左右内外里间"
    "旁边处时候说道讲称去来回走跑坐站看见听做办打拿买卖用要想会能可应该须需得已经曾将正刚一二三四"
    "五六七八九十百千万亿零两半元块角分号楼栋层室户路街区县市省镇乡村组社委局厅部院校厂店场等年月"
    "日点钟"
)


ORDINARY = _words(
    "付款 付费 付钱 付出 付给 付了 付清 付息 付不 付全 付首 支付 交付 首付 全付 预付 垫付 拨付 "
    "对付 应付 兑付 给付 偿付 托付 付诸 付定 付租 付工 蓝牌 绿牌 黄牌 白牌 "
    "长沙 长春 西安 西宁 南宁 南昌 南京 济南 海口 福州 广州 郑州 杭州 兰州 贵阳 沈阳 成都 武汉 "
    "合肥 太原 昆明 拉萨 银川 天津 重庆 北京 上海 深圳 厦门 青岛 大连 宁波 苏州 无锡 佛山 东莞 "
    "温州 泉州 常州 徐州 洛阳 烟台 唐山 保定 邯郸 廊坊 常德 娄底 岳阳 衡阳 益阳 湘潭 株洲 邵阳 "
    "永州 郴州 怀化 吉首 安庆 芜湖 马鞍 黄山 九江 赣州 桂林 柳州 北海 三亚 遵义 大理 宝鸡 咸阳 "
    "汉中 安康 石家 龙岩 莆田 金华 台州 嘉兴 湖州 江门 汕头 惠州 连云"
)
"""Beside the pairs counted: of a surname added later; cities, which those messages do not name."""


@cache
def common_pairs() -> frozenset[str]:
    """Pairs of characters that stand together in ordinary sentences."""
    text = (files(__package__) / "common_pairs.csv").read_text("utf-8")
    return frozenset((*text.split()[1:], *ORDINARY))
