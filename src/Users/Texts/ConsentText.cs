using System.Globalization;
using System.Resources;

namespace Platform.Users.Texts;

internal static class ConsentText
{
    private static readonly ResourceManager Texts = new(typeof(ConsentText).Namespace + ".Texts", typeof(ConsentText).Assembly);

    /// <param name="version">A value of <see cref="UsersOptions.ConsentText"/>.</param>
    /// <returns>Null when there is no such version.</returns>
    public static string? Get(string version, string language) => Texts.GetString($"consent.{version}", CultureInfo.GetCultureInfo(language));
}
