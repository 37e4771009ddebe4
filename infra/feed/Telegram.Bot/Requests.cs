using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace Telegram.Bot.Requests.Abstractions
{
    public interface IRequest
    {
        HttpMethod HttpMethod { get; }

        string MethodName { get; }

        HttpContent? ToHttpContent();
    }

    public interface IRequest<TResponse> : IRequest;
}

namespace Telegram.Bot.Requests
{
    /// <summary>A call of one method of the Bot API: JSON, or a form when a stream is among its parameters.</summary>
    internal sealed class MethodCall<TResponse>(string methodName) : Abstractions.IRequest<TResponse>
    {
        private readonly JsonObject _parameters = [];
        private readonly List<InputFileStream> _files = [];

        public HttpMethod HttpMethod => HttpMethod.Post;

        public string MethodName => methodName;

        /// <summary>Adds a parameter; what is not set (null, false, no parse mode) is left out, as the Bot API's optional fields are.</summary>
        public object? this[string name]
        {
            set
            {
                if (value is InputFile file)
                {
                    _parameters[name] = Reference(file);
                }
                else if (value is InputMedia media)
                {
                    var json = JsonSerializer.SerializeToNode(media, media.GetType(), JsonBotAPI.Options)!.AsObject();
                    json["media"] = Reference(media.Media);
                    _parameters[name] = json;
                }
                else if (value is not (null or false or ParseMode.None))
                {
                    _parameters[name] = JsonSerializer.SerializeToNode(value, value.GetType(), JsonBotAPI.Options);
                }
            }
        }

        public HttpContent? ToHttpContent()
        {
            if (_parameters.Count == 0)
            {
                return null;
            }

            if (_files.Count == 0)
            {
                return new StringContent(_parameters.ToJsonString(JsonBotAPI.Options), Encoding.UTF8, "application/json");
            }

            var form = new MultipartFormDataContent();
            foreach (var (name, value) in _parameters)
            {
                form.Add(new StringContent(value!.ToString()), name);
            }

            for (var i = 0; i < _files.Count; i++)
            {
                var part = new StreamContent(_files[i].Content);
                part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                // The name's own UTF-8 bytes, as browsers send it: .NET would put filename* and an encoded word, which the Bot API does not read.
                var fileName = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(_files[i].FileName ?? "file"));
                part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{i}\"; filename=\"{fileName}\"");
                form.Add(part);
            }

            return form;
        }

        private JsonNode? Reference(InputFile file)
        {
            if (file is not InputFileStream stream)
            {
                return JsonSerializer.SerializeToNode(file, JsonBotAPI.Options);
            }

            _files.Add(stream);
            return $"attach://{_files.Count - 1}";
        }
    }
}
