using System.Buffers.Binary;

namespace Platform.Sandbox.Telegram.Files;

/// <summary>Reads width and height of a picture from its first bytes.</summary>
internal static class ImageSize
{
    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <returns>Null if it is not PNG, JPEG, GIF or WebP.</returns>
    public static (int Width, int Height, string MimeType)? Of(ReadOnlySpan<byte> file)
    {
        (int Width, int Height, string MimeType)? size = file switch
        {
            _ when file.StartsWith(Png) && file.Length >= 24 =>
                (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]), "image/png"),
            _ when file.StartsWith("GIF8"u8) && file.Length >= 10 =>
                (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..]), "image/gif"),
            _ when file.StartsWith("RIFF"u8) && file.Length >= 30 && file[8..].StartsWith("WEBP"u8) => OfWebP(file),
            [0xFF, 0xD8, ..] => OfJpeg(file),
            _ => null,
        };
        return size is { Width: > 0, Height: > 0 } ? size : null;
    }

    // A chain of segments: marker, length, content. A "start of frame" segment contains the size.
    private static (int, int, string)? OfJpeg(ReadOnlySpan<byte> file)
    {
        var at = 2;
        while (at + 9 <= file.Length && file[at] == 0xFF)
        {
            var marker = file[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]), "image/jpeg");
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return null;
    }

    private static (int, int, string)? OfWebP(ReadOnlySpan<byte> file) => file[12..] switch
    {
        var chunk when chunk.StartsWith("VP8X"u8) => (1 + Read24(file[24..]), 1 + Read24(file[27..]), "image/webp"),
        var chunk when chunk.StartsWith("VP8L"u8) && BinaryPrimitives.ReadUInt32LittleEndian(file[21..]) is var bits =>
            ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1, "image/webp"),
        var chunk when chunk.StartsWith("VP8 "u8) =>
            (BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3FFF, "image/webp"),
        _ => null,
    };

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
