using System.Globalization;
using System.Resources;

namespace Platform.Users.Texts;

/// <summary>The consent texts, from the resource files beside this class.</summary>
internal static class ConsentText
{
    private static readonly ResourceManager Texts = new(typeof(ConsentText).Namespace + ".Texts", typeof(ConsentText).Assembly);

    /// <param name="version">A value of <see cref="UsersOptions.ConsentText"/>.</param>
    /// <param name="language"><c>ru</c> or <c>en</c>.</param>
    /// <returns>Null when there is no such version.</returns>
    public static string? Get(string version, string language) => Texts.GetString($"consent.{version}", CultureInfo.GetCultureInfo(language));
}
