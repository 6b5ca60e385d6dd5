using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Tests;

/// <summary>Chains, saved models and prediction engines.</summary>
public class ModelTests
{
    private readonly MLContext _ml = new(1);
    private readonly IDataView _data;
    private readonly TransformerChain<CustomMappingTransformer<Doubled, Named>> _model;

    public ModelTests()
    {
        _data = _ml.Data.LoadFromEnumerable(new[] { new Input { X = 1, V = [1, 2], Key = 2 }, new Input { X = 2, V = [3, 4] } });
        _model = _ml.Transforms.CustomMapping(new DoublingFactory().GetMapping(), "doubling")
            .Append(_ml.Transforms.CustomMapping(new NamingFactory().GetMapping(), "naming"))
            .Fit(_data);
    }

    [Fact]
    public void Chains_transform_step_by_step()
    {
        var output = _model.Transform(_data);
        Assert.Equal("X: Single; V: Vector<Single, 2>; Key: Key<UInt32, 0-4>; Y: Single; W: Vector<Single, 2>; Name: String", TestData.Columns(output));
        Assert.Equal(TestData.Columns(output), string.Join("; ", _model.GetOutputSchema(_data.Schema)));
        Assert.Equal("1,[1 2],3,2,[1 -1],'n2' | 2,[3 4],1,4,[2 -2],'n4'", TestData.Rows(output));
        Assert.Equal(2, _model.Count());
        Assert.Same(_model.Last(), _model.LastTransformer);
    }

    [Fact]
    public void Scopes_choose_steps()
    {
        var chain = new EstimatorChain<ITransformer>()
            .Append(_ml.Transforms.CustomMapping(new DoublingFactory().GetMapping(), "doubling"))
            .Append(_ml.Transforms.CustomMapping(new NamingFactory().GetMapping(), "naming"), TransformerScope.Training)
            .Fit(_data);
        Assert.Equal(2, chain.Count());
        Assert.Single(chain.GetModelFor(TransformerScope.Scoring));
    }

    [Fact]
    public void An_empty_chain_gives_back_its_input() => Assert.Same(_data, new TransformerChain<ITransformer>().Transform(_data));

    [Fact]
    public void A_missing_column_is_an_error_that_names_it()
    {
        var pipeline = _ml.Transforms.CustomMapping<Named, Doubled>((_, _) => { }, null);
        Assert.Contains("'Name'", Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(_data)).Message);
    }

    [Fact]
    public void Checkpoints_keep_the_data_for_later_steps()
    {
        var reads = 0;
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i =>
        {
            reads++;
            return new Input { X = i };
        }));
        int Reads(Func<EstimatorChain<CustomMappingTransformer<Input, Doubled>>, EstimatorChain<CustomMappingTransformer<Input, Doubled>>> checkpoint)
        {
            reads = 0;
            checkpoint(new EstimatorChain<ITransformer>().Append(_ml.Transforms.CustomMapping(new DoublingFactory().GetMapping(), "doubling")))
                .Append(new Reader(3)).Fit(data);
            return reads;
        }
        Assert.Equal(12, Reads(chain => chain));
        Assert.Equal(4, Reads(chain => chain.AppendCacheCheckpoint(_ml)));
        Assert.Throws<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
    }

    [Fact]
    public void A_watcher_sees_what_an_estimator_becomes()
    {
        ITransformer? seen = null;
        var chain = _ml.Transforms.CustomMapping(new DoublingFactory().GetMapping(), "doubling").WithOnFitDelegate(t => seen = t)
            .Append(_ml.Transforms.CustomMapping(new NamingFactory().GetMapping(), "naming")).Fit(_data);
        Assert.Same(chain.First(), seen);
    }

    [Fact]
    public void Columns_that_hide_others_come_right_behind_them()
    {
        var output = _ml.Transforms.CustomMapping<Input, Overwritten>((i, o) => o.X = -i.X, null).Fit(_data).Transform(_data);
        Assert.Equal(["X", "X", "V", "Key"], output.Schema.Select(c => c.Name));
        Assert.Equal([-1, -2], output.GetColumn<float>("X"));
    }

    [Fact]
    public void Saved_chains_load_and_give_the_same()
    {
        using var stream = Saved();
        // The context is new: nothing is registered with it.
        var loaded = new MLContext().Model.Load(stream, out var schema);
        Assert.Equal(TestData.Columns(_data), string.Join("; ", schema));
        Assert.Equal(TestData.Rows(_model.Transform(_data)), TestData.Rows(loaded.Transform(_data)));
        Assert.IsType<TransformerChain<ITransformer>>(loaded);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void Models_load_from_streams_that_cannot_seek()
    {
        using var saved = Saved();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            saved.CopyTo(gzip);
        packed.Position = 0;
        using var stream = new GZipStream(packed, CompressionMode.Decompress);
        Assert.Equal(TestData.Rows(_model.Transform(_data)), TestData.Rows(_ml.Model.Load(stream, out _).Transform(_data)));
    }

    [Fact]
    public void Engines_score_in_parallel_over_one_model()
        => Parallel.For(0, 8, worker =>
        {
            using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(_model, new PredictionEngineOptions { OwnsTransformer = false });
            for (var i = 0; i < 200; i++)
                Assert.Equal(2 * (worker + i), engine.Predict(new Input { X = worker + i }).Y);
        });

    [Fact]
    public void Saved_schemas_keep_annotations()
    {
        var definition = SchemaDefinition.Create(typeof(Input));
        definition["V"]!.AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(2, ["p".AsMemory(), "q".AsMemory()]),
            new VectorDataViewType(TextDataViewType.Instance, 2));
        var data = _ml.Data.LoadFromEnumerable(new[] { new Input() }, definition);
        using var stream = new MemoryStream();
        _ml.Model.Save(_model, data.Schema, stream);
        stream.Position = 0;
        _ml.Model.Load(stream, out var schema);
        Assert.Equal("p/q", TestData.SlotNames(schema["V"]));
    }

    [Fact]
    public void Single_transformers_are_saved_by_path_and_without_schema()
    {
        var path = TestData.FileOf("");
        _ml.Model.Save(_model.First(), null, path);
        var loaded = _ml.Model.Load(path, out var schema);
        Assert.Null(schema);
        Assert.IsType<CustomMappingTransformer<Input, Doubled>>(loaded);
    }

    [Fact]
    public void A_mapping_without_a_name_cannot_be_saved()
    {
        var model = _ml.Transforms.CustomMapping<Input, Doubled>((_, _) => { }, null).Fit(_data);
        Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(model, _data.Schema, new MemoryStream()));
    }

    [Fact]
    public void A_mapping_whose_name_nobody_has_cannot_be_loaded()
    {
        var model = _ml.Transforms.CustomMapping<Input, Doubled>((_, _) => { }, "nobody's").Fit(_data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, _data.Schema, stream);
        stream.Position = 0;
        Assert.Throws<InvalidOperationException>(() => _ml.Model.Load(stream, out _));
    }

    [Fact]
    public void What_is_no_model_file_is_an_error()
    {
        Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream(), out _));
        Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream([1, 2, 3, 4]), out _));
        Assert.Throws<FileNotFoundException>(() => _ml.Model.Load("/no-such.zip", out _));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void A_truncated_model_file_is_an_error(double kept)
    {
        var bytes = Saved().ToArray();
        Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream(bytes[..(int)(bytes.Length * kept)]), out _));
    }

    [Fact]
    public void A_zip_without_a_model_is_an_error()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("readme.txt").Open().Dispose();
        stream.Position = 0;
        Assert.Throws<InvalidOperationException>(() => _ml.Model.Load(stream, out _));
    }

    [Fact]
    public void Engines_predict_one_by_one()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(_model);
        Assert.Equal("n6", engine.Predict(new Input { X = 3 }).Name);
        Assert.Equal(8, engine.Predict(new Input { X = 4 }).Y);
        Assert.Equal(-1, engine.Predict(new Input { X = 4 }).Missing);
        Assert.Equal(TestData.Columns(_model.Transform(_data)), string.Join("; ", engine.OutputSchema));
        Assert.Throws<ArgumentNullException>("example", () => engine.Predict(null!));
    }

    [Fact]
    public void Engines_fill_objects_and_arrays_that_are_there()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(_model);
        var array = new float[2];
        var output = new Output { W = array };
        engine.Predict(new Input { X = 5 }, ref output);
        Assert.Same(array, output.W);
        Assert.Equal([5, -5], array);
    }

    [Fact]
    public void Engines_can_insist_on_all_columns()
        => Assert.Contains("'Missing'", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Input, Output>(_model, ignoreMissingColumns: false)).Message);

    [Fact]
    public void Engines_check_types()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.CreatePredictionEngine<Input, WrongOutput>(_model));
        Assert.Equal("Can't bind the IDataView column 'Y' of type 'Single' to field or property 'Y' of type 'System.Double'.", error.Message);
    }

    [Fact]
    public void Engines_pass_keys_on()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, KeyOutput>(_model);
        Assert.Equal(4u, engine.Predict(new Input { Key = 3 }).Key);
    }

    [Fact]
    public void Engines_of_a_schema_and_of_options()
    {
        using var bySchema = _ml.Model.CreatePredictionEngine<Input, KeyOutput>(_model, _data.Schema);
        Assert.Equal(2u, bySchema.Predict(new Input { Key = 1 }).Key);
        var options = new PredictionEngineOptions();
        Assert.True(options.IgnoreMissingColumns && options.OwnsTransformer);
        using var byOptions = _ml.Model.CreatePredictionEngine<Input, Output>(_model, options);
        Assert.Equal(2, byOptions.Predict(new Input { X = 1 }).Y);
    }

    [Fact]
    public void Mappers_know_which_columns_they_need()
    {
        var mapper = ((ITransformer)_model).GetRowToRowMapper(_data.Schema);
        Assert.Equal(["X", "V", "Key"], mapper.GetDependencies(mapper.OutputSchema.Where(c => c.Name == "Name")).Select(c => c.Name));
        Assert.Equal(["X"], mapper.GetDependencies(mapper.OutputSchema.Where(c => c.Name == "X")).Select(c => c.Name));
    }

    private MemoryStream Saved()
    {
        var stream = new MemoryStream();
        _ml.Model.Save(_model, _data.Schema, stream);
        stream.Position = 0;
        return stream;
    }

    public class Input
    {
        public float X;
        [VectorType(2)]
        public float[]? V;
        [KeyType(5)]
        public uint Key;
    }

    public class Doubled
    {
        public float Y;
        [VectorType(2)]
        public float[]? W;
    }

    public class Named
    {
        public string? Name;
    }

    public class Overwritten
    {
        public float X;
    }

    public class Output
    {
        public float Y;
        public float[]? W;
        public string? Name;
        public int Missing = -1;
    }

    public class WrongOutput
    {
        public double Y;
    }

    public class KeyOutput
    {
        public uint Key;
    }

    /// <summary>Reads a column so many times when it is fitted.</summary>
    private sealed class Reader(int times) : IEstimator<TransformerChain<ITransformer>>
    {
        public TransformerChain<ITransformer> Fit(IDataView input)
        {
            for (var i = 0; i < times; i++)
                _ = input.GetColumn<float>("X").Count();
            return new();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    [CustomMappingFactoryAttribute("doubling")]
    public class DoublingFactory : CustomMappingFactory<Input, Doubled>
    {
        public override Action<Input, Doubled> GetMapping() => (input, output) =>
        {
            output.Y = 2 * input.X;
            output.W = [input.X, -input.X];
        };
    }

    [CustomMappingFactoryAttribute("naming")]
    public class NamingFactory : CustomMappingFactory<Doubled, Named>
    {
        public override Action<Doubled, Named> GetMapping() => (input, output) => output.Name = $"n{input.Y}";
    }
}
