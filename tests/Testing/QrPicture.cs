using System.Diagnostics;
using Shouldly;

namespace Platform.Testing;

/// <summary>Reads QR codes with an independent program, as a phone's camera does.</summary>
public static class QrPicture
{
    /// <param name="picture">A PNG, or another format that ImageMagick can open.</param>
    public static async Task<string> Read(byte[] picture, CancellationToken ct)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(file, picture, ct);
        try
        {
            // ./test installs it, from the Debian package zbar-tools.
            using var reader = Process.Start(new ProcessStartInfo("zbarimg",
                ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = reader.StandardError.ReadToEndAsync(ct);
            var read = await reader.StandardOutput.ReadToEndAsync(ct);
            await reader.WaitForExitAsync(ct);
            reader.ExitCode.ShouldBe(0, $"The picture has no readable code. {await errors}");
            return read.Trim();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
