using System.Diagnostics;
using Shouldly;

namespace Platform.Testing;

/// <summary>Reads QR codes as a phone's camera does: with the program of somebody who has not seen how they are drawn.</summary>
public static class QrPicture
{
    /// <param name="picture">A PNG, or any other that ImageMagick opens.</param>
    public static async Task<string> Read(byte[] picture, CancellationToken ct)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(file, picture, ct);
        try
        {
            // From the Debian package zbar-tools, which ./test installs.
            using var reader = Process.Start(new ProcessStartInfo("zbarimg", ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var complaints = reader.StandardError.ReadToEndAsync(ct);
            var read = await reader.StandardOutput.ReadToEndAsync(ct);
            await reader.WaitForExitAsync(ct);
            reader.ExitCode.ShouldBe(0, $"There is no code in the picture that a camera could read. {await complaints}");
            return read.Trim();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
