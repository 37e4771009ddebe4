using System.Reflection;
using Platform.ServiceDefaults.Web.Errors;

namespace Platform.ServiceDefaults.Web;

/// <summary>
/// The language for texts in the answer: the first of <c>en</c> and <c>ru</c> that <c>Accept-Language</c> names, English when it names
/// neither. Name it in the handler's signature to get it.
/// </summary>
/// <param name="Code"><c>en</c> or <c>ru</c>.</param>
public sealed record CallerLanguage(string Code) : IBindableFromHttpContext<CallerLanguage>
{
    public static ValueTask<CallerLanguage?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<CallerLanguage?>(new CallerLanguage(FieldTexts.LanguageOf(context.Request)));
}
