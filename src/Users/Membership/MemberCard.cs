using QRCoder;

namespace Platform.Users.Membership;

internal static class MemberCard
{
    public const string ImagePath = "/api/users/me/card.png";

    public static readonly MemberId ExampleId = MemberId.TryParse("MNT-7KQ2M9X7", out var id) ? id : default;

    /// <summary>Pixels per square of the code. The image is about 500 pixels wide, which a camera can read at arm's length.</summary>
    private const int PixelsPerModule = 10;

    public static byte[] Png(string content)
    {
        using var code = Code(content);
        using var image = new PngByteQRCode(code);
        return image.GetGraphic(PixelsPerModule);
    }

    public static string Svg(string content)
    {
        using var code = Code(content);
        using var image = new SvgQRCode(code);
        return image.GetGraphic(PixelsPerModule);
    }

    // Level Q survives the loss of a quarter of the code to scratches or reflections.
    private static QRCodeData Code(string content) => QRCodeGenerator.GenerateQrCode(content, QRCodeGenerator.ECCLevel.Q);
}
