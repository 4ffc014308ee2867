using System.Text.Json.Serialization;

namespace JobCloud.Protocol.PublicJson;

/// <summary>THE list of documents, with their generated serializers.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower
)]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(EmptyDocument))]
[JsonSerializable(typeof(NameDocument))]
[JsonSerializable(typeof(SubjectDocument))]
[JsonSerializable(typeof(BlobDocument))]
[JsonSerializable(typeof(FinishedDocument))]
[JsonSerializable(typeof(StoppedNodeDocument))]
[JsonSerializable(typeof(CompletionsDocument))]
[JsonSerializable(typeof(SubmittedDocument))]
[JsonSerializable(typeof(SubmissionsDocument))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(ListDocument))]
[JsonSerializable(typeof(ActivityDocument))]
[JsonSerializable(typeof(EndsDocument))]
[JsonSerializable(typeof(ChangeDocument))]
[JsonSerializable(typeof(ReachedStatusDocument))]
[JsonSerializable(typeof(PortDocument))]
[JsonSerializable(typeof(OutputDocument))]
[JsonSerializable(typeof(FilesDocument))]
[JsonSerializable(typeof(ExplainDocument))]
[JsonSerializable(typeof(ForecastDocument))]
[JsonSerializable(typeof(EventsDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(NodesDocument))]
[JsonSerializable(typeof(NodeStatusDocument))]
[JsonSerializable(typeof(EnvironmentsDocument))]
[JsonSerializable(typeof(EnvironmentDocument))]
[JsonSerializable(typeof(VolumesDocument))]
[JsonSerializable(typeof(VolumeDocument))]
[JsonSerializable(typeof(TokensDocument))]
[JsonSerializable(typeof(CreatedTokenDocument))]
[JsonSerializable(typeof(DenialsDocument))]
[JsonSerializable(typeof(SettingsDocument))]
[JsonSerializable(typeof(CertificateDocument))]
[JsonSerializable(typeof(CertificatesDocument))]
[JsonSerializable(typeof(SshInfoDocument))]
[JsonSerializable(typeof(SshConfigDocument))]
[JsonSerializable(typeof(FetchedDocument))]
[JsonSerializable(typeof(ResultFilesDocument))]
internal sealed partial class PublicJsonContext : JsonSerializerContext;
