using QRCoder;

namespace Platform.Users.Membership;

/// <summary>What a member shows: his number, and a QR code of it that is good for a minute or two.</summary>
internal static class MemberCard
{
    /// <summary>Of everybody's own card: who asks gets his.</summary>
    public const string ImagePath = "/api/users/me/card.png";

    public static readonly MemberId ExampleId = MemberId.TryParse("MNT-7KQ2M9X7", out var id) ? id : default;

    /// <summary>Pixels of one square of the code; the whole is some 500 wide, which a camera reads from a phone at arm's length.</summary>
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

    // A quarter of the code may be covered by a scratch or a reflection.
    private static QRCodeData Code(string content) => QRCodeGenerator.GenerateQrCode(content, QRCodeGenerator.ECCLevel.Q);
}
