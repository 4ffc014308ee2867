using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Ports;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Tests.PublicJson;

/// <summary>Derives the JSON Schema (2020-12) of the public JSON from its records and
/// catalogues.</summary>
internal sealed class SchemaWriter
{
    private const string Jid = "^[1-9][0-9]*$";
    private static readonly NullabilityInfoContext Nullability = new();
    private readonly JsonObject _definitions = [];
    private readonly Dictionary<string, string> _texts = DocTexts();

    public static IEnumerable<Type> Documents =>
        typeof(PublicDocument)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(PublicDocument)))
            .OrderBy(type => type.Name, StringComparer.Ordinal);

    public static JsonObject Write()
    {
        var writer = new SchemaWriter();
        foreach (var document in Documents)
            writer.Reference(document);
        writer.AddStreamed();
        SubmissionSchema.AddTo(writer._definitions);
        var sorted = writer._definitions.OrderBy(one => one.Key, StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "The public JSON of JobCloud",
            ["$defs"] = new JsonObject(
                sorted.Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))
            ),
        };
    }

    public static JsonObject Ref(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    /// <summary>The documents that are written piece by piece.</summary>
    private void AddStreamed()
    {
        var info = new JsonObject { [Jid] = Ref("JobInfo") };
        _definitions["JobInfo"] = OfInfo();
        _definitions["InfoDocument"] = Keyed("The info of each jid.", info);
        _definitions["InfoAnswer"] = new JsonObject
        {
            ["description"] = "The info of each jid, in a batch.",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["id"] = new JsonObject(),
                ["info"] = new JsonObject
                {
                    ["type"] = "object",
                    ["patternProperties"] = info.DeepClone(),
                },
            },
            ["required"] = new JsonArray("id", "info"),
        };
        _definitions["ResultsDocument"] = Keyed(
            "The result of each jid, or why it has none.",
            new JsonObject
            {
                [Jid] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        new JsonObject { ["type"] = "string" },
                        Ref("ErrorDocument")
                    ),
                },
            }
        );
    }

    private static JsonObject Keyed(string description, JsonObject pattern) =>
        new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = new JsonObject { ["version"] = new JsonObject { ["const"] = 1 } },
            ["patternProperties"] = pattern,
            ["required"] = new JsonArray("version"),
        };

    private JsonObject Reference(Type type)
    {
        var name = type.Name.StartsWith("Public", StringComparison.Ordinal)
            ? type.Name["Public".Length..]
            : type.Name;
        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = null;
            _definitions[name] = type == typeof(ListedJob) ? OfRow() : OfRecord(type);
        }
        return Ref(name);
    }

    private JsonObject OfRecord(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in PropertiesOf(type))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            properties[name] = OfProperty(property);
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
                required.Add(name);
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (_texts.GetValueOrDefault($"T:{type.FullName}") is { } text)
            schema.Insert(0, "description", text);
        if (required.Count > 0)
            schema["required"] = required;
        return schema;
    }

    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .OrderBy(p => p.GetCustomAttribute<JsonPropertyOrderAttribute>()?.Order ?? 0);

    private JsonObject OfProperty(PropertyInfo property)
    {
        var isShown = property.GetCustomAttribute<JsonIgnoreAttribute>() is null;
        var isNullable =
            isShown
            && (
                Nullable.GetUnderlyingType(property.PropertyType) is not null
                || Nullability.Create(property).ReadState == NullabilityState.Nullable
            );
        var schema =
            property.Name == nameof(PublicDocument.Version)
            && property.DeclaringType == typeof(PublicDocument)
                ? new JsonObject { ["const"] = PublicDocument.CurrentVersion }
                : Of(property.PropertyType, property.GetCustomAttribute<FormAttribute>()?.Form);
        if (
            Nullability.Create(property).GenericTypeArguments
            is [_, { ReadState: NullabilityState.Nullable }]
        )
            schema["additionalProperties"] = OrNull(
                Of(property.PropertyType.GetGenericArguments()[1], null)
            );
        if (isNullable)
            schema = OrNull(schema);
        var key = $"{property.DeclaringType!.FullName}.{property.Name}";
        if (_texts.GetValueOrDefault($"P:{key}") is { } text)
            schema["description"] = text;
        return schema;
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"]?.GetValue<string>() is not { } type || schema.ContainsKey("enum"))
            return new()
            {
                ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }),
            };
        schema["type"] = new JsonArray(type, "null");
        return schema;
    }

    private JsonObject Of(Type declared, JsonForm? form)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(JsonLiteral))
            return [];
        if (type == typeof(string))
            return OfText(form);
        if (type == typeof(long) || type == typeof(int))
            return new() { ["type"] = "integer" };
        if (type == typeof(double))
            return new() { ["type"] = "number" };
        if (type == typeof(bool))
            return new() { ["type"] = "boolean" };
        if (type.GetGenericArguments() is [var key, var value] && key == typeof(string))
            return new() { ["type"] = "object", ["additionalProperties"] = Of(value, null) };
        if (type.GetGenericArguments() is [var element])
            return new() { ["type"] = "array", ["items"] = Of(element, null) };
        return Reference(type);
    }

    private static JsonObject OfText(JsonForm? form)
    {
        IReadOnlyList<string>? words = form switch
        {
            JsonForm.Status => StatusNames.All,
            JsonForm.Role => RoleNames.All,
            JsonForm.Transport => PortMessages.Transports,
            JsonForm.FileKind => PublicFile.Kinds,
            JsonForm.TokenState => PublicToken.States,
            JsonForm.DenialState => PublicDenial.States,
            JsonForm.NodeState => ["ready", "draining", "drained", "lost"],
            JsonForm.Sandbox => ["bubblewrap", "none"],
            _ => null,
        };
        var schema = new JsonObject { ["type"] = "string" };
        if (words is not null)
            schema["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        if (form == JsonForm.Instant)
            schema["format"] = "date-time";
        return schema;
    }

    private JsonObject OfRow()
    {
        var properties = new JsonObject
        {
            ["first"] = new JsonObject { ["type"] = "integer" },
            ["last"] = new JsonObject { ["type"] = "integer" },
            ["counts"] = Reference(typeof(StatusCounts)),
        };
        foreach (var field in RowFields.All)
        {
            var schema = field switch
            {
                RowField.Number => new JsonObject { ["type"] = "integer" },
                RowField.Duration => OrNull(new() { ["type"] = "number" }),
                RowField.Instant => OrNull(OfText(JsonForm.Instant)),
                RowField.Statuses => OrNull(OfText(JsonForm.Status)),
                _ => OrNull(OfText(null)),
            };
            schema["description"] = field.Help;
            properties[field.Name] = schema;
        }
        return new()
        {
            ["description"] = _texts[$"T:{typeof(ListedJob).FullName}"],
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. properties.Select(p => JsonValue.Create(p.Key))]),
        };
    }

    private static JsonObject OfInfo()
    {
        var properties = new JsonObject();
        foreach (var item in InfoCatalog.All)
        {
            var schema = item.Kind switch
            {
                InfoKind.Number or InfoKind.Bytes => new JsonObject { ["type"] = "integer" },
                InfoKind.Seconds => new JsonObject { ["type"] = "number" },
                InfoKind.Flag => new JsonObject { ["type"] = "boolean" },
                InfoKind.Instant => OfText(JsonForm.Instant),
                InfoKind.Object => new JsonObject { ["type"] = "object" },
                InfoKind.List => new JsonObject { ["type"] = "array" },
                _ => OfText(item.Name == "status" ? JsonForm.Status : null),
            };
            schema["description"] = item.Unit.Length > 0 ? $"{item.Help} ({item.Unit})" : item.Help;
            if (item.Prefix.Length == 0)
            {
                properties[item.Name] = schema;
                continue;
            }
            properties[item.Prefix] ??= new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(),
            };
            properties[item.Prefix]!["properties"]![item.Name[(item.Prefix.Length + 1)..]] = schema;
        }
        foreach (
            var (name, text) in new[]
            {
                ("absent", "Why items have no value, by their names."),
                ("partial", "Why items are incomplete, by their names."),
            }
        )
            properties[name] = new JsonObject
            {
                ["description"] = text,
                ["type"] = "object",
                ["additionalProperties"] = new JsonObject { ["type"] = "string" },
            };
        return new()
        {
            ["description"] = "The requested items of a job.",
            ["type"] = "object",
            ["properties"] = properties,
        };
    }

    /// <summary>The comments of the code by member, and of the parameters of records as if they
    /// were properties.</summary>
    private static Dictionary<string, string> DocTexts()
    {
        var texts = new Dictionary<string, string>();
        var file = Path.Combine(AppContext.BaseDirectory, "JobCloud.Protocol.xml");
        foreach (var member in XDocument.Load(file).Descendants("member"))
        {
            var name = member.Attribute("name")!.Value;
            if (member.Element("summary") is { } summary)
                texts[name] = Plain(summary);
            foreach (var parameter in member.Elements("param"))
                if (name.StartsWith("T:", StringComparison.Ordinal))
                    texts.TryAdd(
                        $"P:{name[2..]}.{parameter.Attribute("name")!.Value}",
                        Plain(parameter)
                    );
        }
        return texts;
    }

    private static string Plain(XElement text) =>
        string.Join(' ', text.Value.Split((char[])[], StringSplitOptions.RemoveEmptyEntries));
}
