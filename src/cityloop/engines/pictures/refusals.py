"""Every refusal of a photo, in both languages, in one place."""

from __future__ import annotations

from cityloop.engines.pictures.kinds import ALLOWED
from cityloop.kernel.errors import DomainError

_ADVICE = {
    "heic": (
        "On an iPhone choose Settings > Camera > Formats > Most Compatible, or send a screenshot.",
        "苹果手机请在“设置 > 相机 > 格式”中选择“兼容性最佳”，或截屏后上传。",
    ),
    "pdf": ("Add it as an attachment, or photograph the page.", "请作为附件提交，或拍照上传。"),
    "svg": ("Save it as PNG first.", "请先另存为 PNG。"),
}
_DEFAULT_ADVICE = ("Save it as JPEG or PNG and send it again.", "请另存为 JPEG 或 PNG 后重新上传。")


def too_large(size: int, allowed: int) -> DomainError:
    return DomainError(
        "photo.too_large",
        f"The photo has {size:,} bytes; at most {allowed:,} are allowed. Send a smaller one.",
        f"照片大小为 {size:,} 字节，最多 {allowed:,} 字节。请压缩后重新上传。",
        where="photo",
        status=413,
        details={"bytes": size, "allowed": allowed},
    )


def too_many_pixels(width: int, height: int, allowed: int) -> DomainError:
    shown = f"{width} x {height}" if width else "?"
    return DomainError(
        "photo.too_many_pixels",
        f"The photo claims {shown} pixels; at most {allowed:,} in all are allowed. "
        "Reduce it and send it again.",
        f"照片尺寸为 {shown} 像素，总像素最多 {allowed:,}。请缩小后重新上传。",
        where="photo",
        details={"width": width, "height": height, "allowed": allowed},
    )


def not_a_picture(size: int) -> DomainError:
    if not size:
        en, zh = "The file is empty (0 bytes).", "文件为空（0 字节）。"
    else:
        en, zh = "The file is not a picture, whatever its name says.", "该文件的内容不是图片。"
    return DomainError(
        "photo.not_a_picture",
        f"{en} Send a JPEG, PNG or WebP photo.",
        f"{zh}请上传 JPEG、PNG 或 WebP 照片。",
        where="photo",
        details={"bytes": size, "allowed": list(ALLOWED)},
    )


def kind_not_allowed(kind: str) -> DomainError:
    en, zh = _ADVICE.get(kind, _DEFAULT_ADVICE)
    return DomainError(
        "photo.kind_not_allowed",
        f"The file is of the kind {kind}; photos may be JPEG, PNG or WebP. {en}",
        f"文件类型为 {kind}，照片只接受 JPEG、PNG、WebP。{zh}",
        where="photo",
        status=415,
        details={"kind": kind, "allowed": list(ALLOWED)},
    )


def damaged(reason: str) -> DomainError:
    return DomainError(
        "photo.damaged",
        f"The photo cannot be read to its end ({reason}). Take or send it again.",
        f"照片已损坏或不完整，无法读取（{reason}）。请重新拍摄或上传。",
        where="photo",
        details={"reason": reason},
    )


def timeout(seconds: float) -> DomainError:
    return DomainError(
        "photo.timeout",
        f"Reading the photo took longer than {seconds:g} s and was stopped. Send a simpler one.",
        f"读取照片超过 {seconds:g} 秒，已中止。请换一张照片上传。",
        where="photo",
        details={"allowed_s": seconds},
    )
