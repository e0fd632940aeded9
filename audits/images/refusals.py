"""Why a file is not taken as evidence: a stable code and a sentence the inspector understands."""

REASONS = {
    "empty": "照片文件是空的，请重新拍照。",
    "not_a_picture": "这不是照片文件，请重新拍照。",
    "unsupported_format": "不支持这种图片格式，请直接拍照（JPEG、PNG、WebP 或 HEIC）。",
    "animated": "不接受动图，请拍一张普通照片。",
    "too_many_pixels": "照片像素过大（超过 6400 万像素），请用普通拍照模式重拍。",
    "side_too_small": "照片太小（任一边不足 200 像素），请重新拍照。",
    "side_too_large": "照片过长或过宽（任一边超过 12000 像素），请不要使用全景模式。",
    "undecodable": "照片已损坏，无法打开，请重新拍照。",
    "truncated": "照片不完整，请重新上传或重新拍照。",
}


class PictureRefused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message_zh = REASONS[code]
