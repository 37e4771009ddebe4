using System.Diagnostics;

namespace Platform.Bots.Tests;

/// <summary>Reads QR codes as a phone's camera does: with the program of somebody who has not seen how they are drawn.</summary>
internal static class QrPicture
{
    public static async Task<string> Read(byte[] png, CancellationToken ct)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        await File.WriteAllBytesAsync(file, png, ct);
        try
        {
            // From the Debian package zbar-tools, which ./test installs.
            using var reader = Process.Start(new ProcessStartInfo("zbarimg", ["-q", "--raw", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            // Of a desktop that is not there.
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
