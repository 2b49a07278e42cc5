"""One way to write a text: width, case, traditional characters, marks."""

from __future__ import annotations

import re
import unicodedata

# Traditional forms that stand in place names and addresses, each followed by its simplified form.
_PAIRS = """
東东 門门 樓楼 號号 區区 園园 廣广 場场 國国 華华 鎮镇 鄉乡 縣县 灣湾 橋桥 醫医 學学 廈厦
棟栋 單单 層层 莊庄 灘滩 陽阳 陰阴 龍龙 鳳凤 馬马 鳥鸟 魚鱼 風风 雲云 雙双 豐丰 寧宁 臨临
興兴 業业 產产 義义 藝艺 聖圣 關关 開开 閣阁 閘闸 間间 閱阅 長长 張张 員员 圍围 圓圆 團团
衛卫 術术 衝冲 處处 虛虚 廳厅 廟庙 廠厂 廢废 慶庆 應应 憲宪 懷怀 戲戏 戰战 擴扩 據据 數数
斷断 時时 會会 條条 楊杨 榮荣 樂乐 樹树 機机 權权 歐欧 歲岁 歷历 殘残 漢汉 漁渔 潔洁 澤泽
濱滨 濟济 瀾澜 灑洒 煙烟 燈灯 營营 爾尔 獅狮 獨独 現现 環环 瑤瑶 電电 畫画 當当 療疗 發发
監监 盤盘 盧卢 眾众 礦矿 祿禄 禮礼 種种 穩稳 競竞 筆笔 節节 範范 築筑 籃篮 糧粮 紅红 紀纪
約约 純纯 紗纱 紙纸 級级 細细 終终 組组 結结 給给 統统 絲丝 經经 綠绿 維维 網网 線线 緣缘
縱纵 總总 織织 繞绕 續续 羅罗 聯联 聲声 職职 肅肃 腦脑 臺台 舊旧 艦舰 莖茎 蓮莲 蔣蒋 蔭荫
蕭萧 薩萨 藍蓝 藥药 蘆芦 蘇苏 蘭兰 螢萤 補补 裝装 製制 複复 見见 規规 視视 覺觉 觀观 計计
訊讯 設设 診诊 試试 詩诗 話话 誠诚 語语 課课 談谈 請请 論论 諸诸 謝谢 譯译 護护 豬猪 貝贝
負负 財财 貢贡 貨货 貴贵 買买 費费 賀贺 資资 賓宾 賢贤 質质 購购 賽赛 趙赵 車车 軍军 軌轨
軟软 軸轴 輕轻 輝辉 輪轮 輸输 轉转 農农 連连 週周 進进 運运 過过 達达 違违 遠远 適适 遷迁
選选 還还 邊边 郵邮 鄭郑 鄰邻 醬酱 釣钓 鈴铃 銀银 銅铜 銘铭 錢钱 錦锦 鋼钢 錄录 鍋锅 鍾钟
鏡镜 鐘钟 鐵铁 閩闽 隊队 階阶 際际 陸陆 隨随 險险 雜杂 離离 難难 靈灵 靜静 頂顶 項项 順顺
須须 頭头 顏颜 願愿 類类 顯显 飛飞 飯饭 館馆 驛驿 驗验 體体 魯鲁 鮮鲜 鳴鸣 鴻鸿 鵬鹏 麗丽
與与 麥麦 黃黄 點点 齊齐 龜龟 塢坞 塊块 壇坛 壩坝 壽寿 奧奥 孫孙 實实 寶宝 將将 島岛 嶺岭 峽峡
嶽岳 師师 帶带 幣币 倉仓 個个 側侧 備备 傳传 傑杰 價价 儀仪 優优 兒儿 內内 兩两 凱凯 劃划
動动 務务 勝胜 勞劳 匯汇 協协 歡欢 專专 對对
"""
_SIMPLE = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


def plain(text: str) -> str:
    """Half width, lower case, simplified, single blanks.

    Example: >>> plain("和平路１２號 Ａ座")
        '和平路12号 a座'
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLE)
    return _BLANKS.sub(" ", folded).strip()


def is_hanzi(character: str) -> bool:
    """True for a Chinese character."""
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000"
