using Platform.Bots.Conversations;
using Platform.Contracts.Bots;

namespace Platform.Bots.ClientBot;

internal static class GuestScript
{
    public static BotScript Create() => new BotScript(BotNames.Client)
        .Command("start", "command.start", Welcome.Greet)
        .Command("code", "command.code", PaymentCode.Show)
        .Command("card", "command.card", ShowCard.Show)
        .Command("profile", "command.profile", ShowProfile.Show)
        .Command("settings", "command.settings", Settings.Show)
        .Command("language", "command.language", Settings.AskLanguage)
        .Command("data", "command.data", MyData.Show)
        .Command("help", "command.help", Welcome.Help)

        .MenuItem("menu.code", PaymentCode.Show)
        .MenuItem("menu.card", ShowCard.Show)
        .MenuItem("menu.profile", ShowProfile.Show)
        .MenuItem("menu.settings", Settings.Show)
        .MenuItem("menu.cancel", Settings.Cancel)
        .Button(PaymentCode.Another, PaymentCode.Show)
        .Button(ShowCard.Refresh, ShowCard.Show)

        .Button(Settings.LanguageButton, Settings.AskLanguage)
        .Button(Settings.SetLanguage, Settings.ReadLanguage)
        .Button(Settings.Name, Settings.AskName)
        .Answer(Settings.Name, Settings.ReadName)
        .Button(Settings.City, Settings.AskCity)
        .Answer(Settings.City, Settings.ReadCity)
        .Button(Settings.BirthDate, Settings.AskBirthDate)
        .Answer(Settings.BirthDate, Settings.ReadBirthDate)
        .Answer(Settings.BirthDateConfirm, Settings.ReadDateConfirmation)
        .Button(Settings.Phone, Settings.AskPhone)
        .Answer(Settings.Phone, Settings.ReadPhone)
        .Button(Settings.Email, Settings.AskEmail)
        .Answer(Settings.Email, Settings.ReadEmail)
        .Answer(Settings.EmailCode, Settings.ReadEmailCode)

        .Button(MyData.Open, MyData.Show)
        .Button(MyData.Export, MyData.SendExport)
        .Button(MyData.Delete, MyData.AskToConfirm)
        .Button(MyData.ConfirmDelete, MyData.AskWord)
        .Button(MyData.CancelDelete, MyData.KeepData)
        .Answer(MyData.Word, MyData.ReadWord)

        .Button(Registration.Language, Registration.ReadLanguage, answers: Registration.Language)
        .Answer(Registration.Language, Registration.ReadTypedLanguage)
        .Button(Registration.Consent, Registration.ReadConsent, answers: Registration.Consent)
        .Answer(Registration.Consent, Registration.ReadTypedConsent)
        .Button(Registration.Begin, Registration.BeginAgain)
        .Answer(Registration.Begin, Registration.ReadTypedBegin)
        .Answer(Registration.Name, Registration.ReadName)
        .Answer(Registration.Phone, Registration.ReadPhone)
        .Answer(Registration.BirthDate, Registration.ReadBirthDate)
        .Answer(Registration.BirthDateConfirm, Registration.ReadDateConfirmation)
        .Answer(Registration.City, Registration.ReadCity)

        .Button(Recovery.Search, Recovery.Begin)
        .Answer(Recovery.Phone, Recovery.ReadPhone)
        .Answer(Recovery.Email, Recovery.ReadEmail)
        .Answer(Recovery.EmailCode, Recovery.ReadEmailCode)

        .Forbidden(Registration.RegisterFirst)
        .Fallback(Welcome.NotUnderstood);
}
