using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Serialization;

namespace MLNetDeep.Training.Checkpoints;

/// <summary>
/// The state of a training in a file: every variable (optimizer state included), the best weights, and what has happened.
/// It is written beside the old one and takes its place only when it is safely on the disk.
/// </summary>
internal sealed class CheckpointFile
{
    private const string FileName = "checkpoint.mlnd", FingerprintText = "fingerprint", StateText = "state", Now = "now/", BestPrefix = "best/";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly CheckpointOptions _options;
    private readonly ISession _session;
    private readonly IReadOnlyList<Variable> _weights;
    private readonly string _fingerprint;
    private readonly string _path;

    /// <exception cref="IOException">The folder cannot be written.</exception>
    public CheckpointFile(CheckpointOptions options, ISession session, IReadOnlyList<Variable> weights, string fingerprint)
    {
        _options = options;
        _session = session;
        _weights = weights;
        _fingerprint = fingerprint;
        _path = Path.Combine(options.Folder, FileName);
        try
        {
            // Better to find out before hours of training than after.
            Directory.CreateDirectory(options.Folder);
            string probe = Path.Combine(options.Folder, $".probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The checkpoint folder '{options.Folder}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Stands for a training: what a step computes, and the settings that the graph does not show.</summary>
    public static string Fingerprint(Graph graph, params IEnumerable<string?> settings)
    {
        IEnumerable<string?> nodes = graph.Nodes.Select(n =>
            $"{n.Name} {n.Op.Name}({string.Join(", ", n.Inputs.Select(i => i.Name))}) {string.Join(' ', n.Attributes.Select(a => $"{a.Key}={a.Value}"))}");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', nodes.Concat(settings)))));
    }

    /// <summary>Saves; if that fails says so and goes on: the training is worth more than its checkpoint, and the one before is still there.</summary>
    public void SaveOrWarn(TrainingState state, IReadOnlyDictionary<string, float[]>? best, Action<string>? warn)
    {
        try
        {
            Save(state, best);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn?.Invoke($"The checkpoint of epoch {state.Epochs.Count} could not be written: {e.Message} Training goes on.");
        }
    }

    public static Dictionary<string, float[]> Read(ISession session, IEnumerable<Variable> variables)
    {
        Dictionary<string, float[]> values = new(StringComparer.Ordinal);
        foreach (Variable variable in variables)
        {
            float[] data = new float[variable.Shape.UnitSize];
            session.ReadVariable(variable.Name, data);
            values.Add(variable.Name, data);
        }

        return values;
    }

    public void Save(TrainingState state, IReadOnlyDictionary<string, float[]>? best)
    {
        TensorArchive archive = new();
        archive.AddText(FingerprintText, _fingerprint);
        archive.AddText(StateText, JsonSerializer.Serialize(state, Json));
        foreach (Variable variable in _session.Graph.Variables)
        {
            float[] values = new float[variable.Shape.UnitSize];
            _session.ReadVariable(variable.Name, values);
            archive.AddTensor(Now + variable.Name, variable.Shape.Dims, values);
        }

        foreach (Variable variable in best is null ? [] : _weights)
            archive.AddTensor(BestPrefix + variable.Name, variable.Shape.Dims, best![variable.Name]);

        string temporary = _path + ".tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write))
            {
                archive.Write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, _path, overwrite: true);
        }
        catch
        {
            // What could not be finished must not take up room that is short already.
            try
            {
                File.Delete(temporary);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }

            throw;
        }
    }

    /// <summary>Puts the variables back and returns the rest; null if there is nothing to go on from.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="InvalidOperationException">It belongs to another training.</exception>
    public (TrainingState State, Dictionary<string, float[]>? Best)? Restore()
    {
        if (!_options.Resume || !File.Exists(_path))
            return null;
        try
        {
            using FileStream stream = File.OpenRead(_path);
            TensorArchive archive = TensorArchive.Read(stream);
            if (archive.Text(FingerprintText) != _fingerprint)
                throw new InvalidOperationException($"The checkpoint '{_path}' belongs to a training with another network or other settings. Use another folder, delete it, or set Resume to false, to begin anew.");
            TrainingState state = JsonSerializer.Deserialize<TrainingState>(archive.Text(StateText), Json) ?? throw new InvalidDataException("it has no state.");
            History.Restore(state.Epochs, state.BestEpoch, state.StopReason);

            // All is looked at before anything is changed.
            (Variable Variable, float[] Values)[] values = [.. _session.Graph.Variables.Select(v => (v, archive.Tensor(Now + v.Name, v.Shape)))];
            Dictionary<string, float[]>? best = archive.TensorNames.Any(n => n.StartsWith(BestPrefix, StringComparison.Ordinal))
                ? _weights.ToDictionary(w => w.Name, w => archive.Tensor(BestPrefix + w.Name, w.Shape), StringComparer.Ordinal)
                : null;
            foreach ((Variable variable, float[] data) in values)
                _session.WriteVariable(variable.Name, data);
            return (state, best);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The checkpoint '{_path}' cannot be read: {e.Message} Delete it, or set Resume to false, to begin anew.", e);
        }
    }
}
