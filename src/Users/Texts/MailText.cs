using System.Globalization;
using System.Resources;

namespace Platform.Users.Texts;

/// <summary>The texts of mails, from the resource files beside this class.</summary>
internal static class MailText
{
    private static readonly ResourceManager Texts = new(typeof(MailText).Namespace + ".Texts", typeof(MailText).Assembly);

    /// <param name="language"><c>ru</c> or <c>en</c>.</param>
    public static (string Subject, string Text) ForCode(string code, string language) =>
        (Get("mail.code.subject", language), Get("mail.code.text", language).Replace("{code}", code, StringComparison.Ordinal));

    /// <inheritdoc cref="ForCode"/>
    public static (string Subject, string Text) ForRecovery(string language) => (Get("mail.recovered.subject", language), Get("mail.recovered.text", language));

    private static string Get(string key, string language) =>
        Texts.GetString(key, CultureInfo.GetCultureInfo(language)) ?? throw new InvalidOperationException($"There is no text '{key}'.");
}
